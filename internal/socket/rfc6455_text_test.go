package socket_test

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// whole are texts of every kind of character.
var whole = map[string]string{
	"two bytes each":    "Grüße ñandú",
	"three bytes each":  "\u4e0a\u6d77 κόσμε",
	"four bytes each":   "\U0001f600\U00010000",
	"the last one":      "\U0010ffff",
	"no characters":     "\ufffe\uffff\U0001fffe\ufdd0",
	"around surrogates": "\ud7ff\ue000",
	"a mark and a zero": "\ufeffa\x00b",
	"first of each":     "\x00\u0080\u0800\U00010000",
	"last of each":      "\x7f\u07ff\uffff\U0010ffff",
}

// broken are sequences that are no UTF-8; the number is how many bytes it takes to know it.
var broken = map[string]struct {
	bytes string
	known int
}{
	"a lone continuation":       {"\x80", 1},
	"the last continuation":     {"\xbf", 1},
	"never a byte (FE)":         {"\xfe", 1},
	"never a byte (FF)":         {"\xff", 1},
	"overlong in two (C0)":      {"\xc0\xaf", 1},
	"overlong in two (C1)":      {"\xc1\xbf", 1},
	"overlong in three":         {"\xe0\x9f\xbf", 2},
	"overlong zero in three":    {"\xe0\x80\x80", 2},
	"overlong in four":          {"\xf0\x8f\xbf\xbf", 2},
	"overlong in five":          {"\xf8\x87\xbf\xbf\xbf", 1},
	"overlong in six":           {"\xfc\x83\xbf\xbf\xbf\xbf", 1},
	"the first surrogate":       {"\xed\xa0\x80", 2},
	"the last surrogate":        {"\xed\xbf\xbf", 2},
	"a pair of surrogates":      {"\xed\xa0\x80\xed\xb0\x80", 2},
	"above 10FFFF":              {"\xf4\x90\x80\x80", 2},
	"above 13FFFF":              {"\xf5\x80\x80\x80", 1},
	"two bytes, one missing":    {"\xc3x", 2},
	"three bytes, one missing":  {"\xe4\xb8x", 3},
	"four bytes, one missing":   {"\xf0\x9f\x98x", 4},
	"three bytes, begun anew":   {"\xe4\xe4", 2},
	"four bytes, two missing":   {"\xf0\x9f\xc3\xa9", 3},
	"a continuation too many":   {"\xc3\xa9\xa9", 3},
	"latin 1":                   {"\xe9t\xe9", 2},
	"the tail of another frame": {"\x98\x80", 1},
}

// texts are the cases of RFC 6455, section 8.1: what is not UTF-8 ends the connection as soon as that is certain, wherever
// in the message it lies and however the message is cut.
func texts() []rfcCase {
	var cases []rfcCase
	for name, s := range whole {
		fragments := in(-txt, "")
		for i := range len(s) {
			fragments += in(more, s[i:i+1])
		}
		cases = append(cases,
			rfcCase{name: name + " in one frame", send: in(txt, s), want: []string{"text " + s}},
			rfcCase{name: name + " in a fragment for each byte", send: fragments + in(cont, ""), want: []string{"text " + s}},
			rfcCase{name: name + " with pings within characters", send: strings.ReplaceAll(fragments, in(more, s[:1]), in(more, s[:1])+in(ping, "")) + in(cont, ""), want: pongsFor(fragments, s)},
		)
		for cut := 1; cut <= len(s); cut++ {
			if head := s[:cut]; !utf8.ValidString(head) {
				cases = append(cases, rfcCase{name: fmt.Sprintf("%s, ended within a character after %d bytes", name, cut), send: in(txt, head), code: 1007},
					rfcCase{name: fmt.Sprintf("%s, ended within a character after %d bytes, by an empty fragment", name, cut), send: in(-txt, head) + in(cont, ""), code: 1007})
			}
		}
	}
	for name, b := range broken {
		for where, text := range map[string]string{"at the beginning": b.bytes + "after", "in the middle": "before" + b.bytes + "after", "at the end": "before \u4e0a" + b.bytes} {
			cases = append(cases,
				rfcCase{name: name + " " + where, send: in(txt, text), code: 1007},
				rfcCase{name: name + " " + where + " of a binary is no concern", send: in(bin, text), want: []string{"binary " + text}},
			)
		}
		// The message goes on, but there is nothing to wait for.
		fragments := in(-txt, "\u4e0a")
		for i := range b.known {
			fragments += in(more, b.bytes[i:i+1])
		}
		begun := in(txt, "before"+b.bytes[:b.known]+strings.Repeat("x", 100))
		cases = append(cases,
			rfcCase{name: name + " is known before the message ends", send: fragments, code: 1007},
			rfcCase{name: name + " is known before the frame ends", send: begun[:len(begun)-100], code: 1007},
		)
	}
	return cases
}

// pongsFor is what comes back for fragments in which each one of the first byte of s is followed by a ping.
func pongsFor(fragments, s string) []string {
	var want []string
	for range strings.Count(fragments, in(more, s[:1])) {
		want = append(want, "pong ")
	}
	return append(want, "text "+s)
}
