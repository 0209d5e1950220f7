package search_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScripts holds what finds what, in many scripts: each query against all texts.
func TestScripts(t *testing.T) {
	w := newWorld(t)
	texts := []string{
		"我家在上海东边。", "東京タワー", "Das Straßenfest", "ΟΔΥΣΣΕΥΣ", "Привет, мир", "İstanbul", "Café au lait", "cafe noir", "שָׁלוֹם",
		"مُحَمَّد", "नमस्ते", "สวัสดี", "👍🏽 ok", "I ❤️ Go", "e", "한국어", "ﬁne", "line\none  line", "50% off_now", `say "hi" now`, "Ångström", "x7",
	}
	for _, text := range texts {
		w.say("lobby", text)
	}
	w.catchUp()
	w.audit()
	for query, want := range map[string][]string{
		"上海":              {"我家在上海东边。"},
		"海":               {"我家在上海东边。"},
		"上海东边。":           {"我家在上海东边。"},
		"上东":              {},
		"タワ":              {"東京タワー"},
		"STRASSE":         {"Das Straßenfest"},
		"straße":          {"Das Straßenfest"},
		"οδυσσευς":        {"ΟΔΥΣΣΕΥΣ"},
		"ПРИВ":            {"Привет, мир"},
		"istanbul":        {"İstanbul"},
		"cafe":            {"cafe noir", "Café au lait"},
		"CAFÉ":            {"Café au lait"},
		"cafe\u0301":      {"Café au lait"},
		"שלום":            {"שָׁלוֹם"},
		"محمد":            {"مُحَمَّد"},
		"स्ते":            {"नमस्ते"},
		"วัส":             {"สวัสดี"},
		"👍":               {"👍🏽 ok"},
		"❤":               {"I ❤️ Go"},
		"❤️":              {"I ❤️ Go"},
		"국":               {"한국어"},
		"fine":            {"ﬁne"},
		`"line one line"`: {"line\none  line"},
		"%":               {"50% off_now"},
		"0% o":            {"50% off_now"},
		`"0% o"`:          {"50% off_now"},
		"f_":              {"50% off_now"},
		"“hi” say":        {`say "hi" now`},
		`"`:               {`say "hi" now`},
		"angstrom":        {"Ångström"},
		"7X":              {},
		"X7":              {"x7"},
		"noir au":         {},
		"lait cafe":       {"Café au lait"},
		`"au lait"`:       {"Café au lait"},
		"zzz":             {},
		"ok 👍":            {"👍🏽 ok"},
	} {
		t.Run(query, func(t *testing.T) {
			if diff := cmp.Diff(w.found(query, "lobby"), want); diff != "" {
				t.Errorf("found (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(w.found(query, ""), want); diff != "" {
				t.Errorf("found in all rooms (-got +want):\n%s", diff)
			}
		})
	}
}
