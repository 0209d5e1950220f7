package arch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/arch"
)

// goRules are all rules for files of Go, by name.
var goRules = map[string]func(arch.GoFile) []string{
	"imports":       arch.Imports,
	"file size":     arch.FileSize,
	"function size": arch.FunctionSize,
	"sleep":         arch.Sleep,
	"package name":  arch.PackageName,
	"settings":      arch.Settings,
	"clients":       arch.Clients,
	"routes":        arch.Routes,
	"headers":       arch.Headers,
}

var scriptRules = map[string]func(arch.Script) []string{
	"markup":      arch.Markup,
	"script size": arch.ScriptSize,
}

func TestTree(t *testing.T) {
	code, scripts, err := arch.ReadTree("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("was found", func(t *testing.T) {
		if len(code) < 50 || len(scripts) < 10 {
			t.Errorf("got %d files of Go and %d scripts, want the whole tree", len(code), len(scripts))
		}
	})
	for name, rule := range goRules {
		t.Run("keeps the rule of "+name, func(t *testing.T) {
			for _, file := range code {
				for _, fault := range rule(file) {
					t.Error(fault)
				}
			}
		})
	}
	for name, rule := range scriptRules {
		t.Run("keeps the rule of "+name, func(t *testing.T) {
			for _, script := range scripts {
				for _, fault := range rule(script) {
					t.Error(fault)
				}
			}
		})
	}
}

// long is the text of a function of that many lines, which stands for itself.
func long(lines int) string {
	return "func long() {\n" + strings.Repeat("\t_ = 0\n", lines-2) + "}\n"
}

func TestRules(t *testing.T) {
	for _, test := range []struct {
		name, rule, path, text string
		want                   []string
	}{
		{
			"a door that imports a door", "imports", "internal/ws/x.go", "package ws\nimport \"parley/internal/api\"\n",
			[]string{`internal/ws/x.go:2: imports "parley/internal/api": doors do not import doors`},
		},
		{
			"a door that imports the store", "imports", "internal/ws/x.go", "package ws\nimport \"parley/internal/store\"\n",
			[]string{`internal/ws/x.go:2: imports "parley/internal/store": only cmd/parley imports the store`},
		},
		{
			"a door that imports what is below it", "imports", "internal/ws/x.go",
			"package ws\nimport (\n\t\"parley/internal/chat\"\n\t\"parley/internal/socket\"\n\t\"parley/web\"\n)\n", nil,
		},
		{
			"an import that points upwards", "imports", "internal/live/x.go", "package live\nimport \"parley/internal/ws\"\n",
			[]string{`internal/live/x.go:2: imports "parley/internal/ws": it is not below internal/live`},
		},
		{
			"an import that points sideways", "imports", "internal/auth/x.go", "package auth\nimport \"parley/internal/live\"\n",
			[]string{`internal/auth/x.go:2: imports "parley/internal/live": it is not below internal/auth`},
		},
		{
			"a domain that imports us", "imports", "internal/chat/x.go", "package chat\nimport \"parley/internal/live\"\n",
			[]string{`internal/chat/x.go:2: imports "parley/internal/live": it is not below internal/chat`},
		},
		{
			"a domain that imports anybody", "imports", "internal/chat/x.go", "package chat\nimport \"github.com/gobwas/ws\"\n",
			[]string{`internal/chat/x.go:2: imports "github.com/gobwas/ws": the domain imports the standard library, x/text and confusables only`},
		},
		{
			"a domain that does I/O", "imports", "internal/chat/x.go", "package chat\nimport \"os\"\n",
			[]string{`internal/chat/x.go:2: imports "os": the domain does no I/O`},
		},
		{
			"a domain that imports what it may", "imports", "internal/chat/x.go",
			"package chat\nimport (\n\t\"context\"\n\t\"golang.org/x/text/unicode/norm\"\n\t\"github.com/ergochat/confusables\"\n)\n", nil,
		},
		{
			"a package without a place", "imports", "internal/new/x.go", "package new\n",
			[]string{`internal/new/x.go:1: package internal/new has no place among the layers yet: give it one in internal/arch/layers.go`},
		},
		{"the wiring that imports everybody", "imports", "cmd/parley/x.go", "package main\nimport \"parley/internal/store\"\n", nil},
		{"a test that imports the store", "imports", "internal/ws/x_test.go", "package ws_test\nimport \"parley/internal/store\"\n", nil},
		{
			"a long file", "file size", "internal/ws/x.go", "package ws\n" + strings.Repeat("\n", 500),
			[]string{"internal/ws/x.go: 501 lines, at most 500 are read in one go: split it"},
		},
		{"a file at the limit", "file size", "internal/ws/x.go", "package ws\n" + strings.Repeat("\n", 499), nil},
		{"a long test", "file size", "internal/ws/x_test.go", "package ws\n" + strings.Repeat("\n", 799), nil},
		{
			"a longer test", "file size", "internal/ws/x_test.go", "package ws\n" + strings.Repeat("\n", 800),
			[]string{"internal/ws/x_test.go: 801 lines, at most 800 are read in one go: split it"},
		},
		{
			"a long function", "function size", "internal/ws/x.go", "package ws\n" + long(81),
			[]string{"internal/ws/x.go:2: long has 81 lines, at most 80"},
		},
		{"a function at the limit", "function size", "internal/ws/x.go", "package ws\n" + long(80), nil},
		{
			"a test that sleeps", "sleep", "internal/ws/x_test.go", "package ws\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
			[]string{"internal/ws/x_test.go:3: a test that sleeps is slow, or fails now and then: wait for what is to happen"},
		},
		{
			"a test that sleeps under another name", "sleep", "internal/ws/x_test.go", "package ws\nimport clock \"time\"\nvar nap = clock.Sleep\n",
			[]string{"internal/ws/x_test.go:3: a test that sleeps is slow, or fails now and then: wait for what is to happen"},
		},
		{
			"a test whose time is not real", "sleep", "internal/ws/x_test.go",
			"package ws\nimport (\n\t\"testing/synctest\"\n\t\"time\"\n)\nfunc f() { time.Sleep(1); synctest.Wait() }\n", nil,
		},
		{
			"a name that says nothing", "package name", "internal/utils/x.go", "package utils\n",
			[]string{"internal/utils/x.go:1: package utils: name it for what it holds"},
		},
		{
			"a flag", "settings", "internal/ws/x.go", "package ws\nimport \"flag\"\nvar x = flag.Args\n",
			[]string{`internal/ws/x.go:2: imports "flag": only cmd/parley reads flags`},
		},
		{
			"the environment", "settings", "internal/ws/x.go", "package ws\nimport \"os\"\nvar x = os.Getenv(\"X\")\n",
			[]string{"internal/ws/x.go:3: os.Getenv: only cmd/parley reads the command line and the environment"},
		},
		{"the environment in the wiring", "settings", "cmd/parley/x.go", "package main\nimport \"os\"\nvar x = os.Getenv(\"X\")\n", nil},
		{
			"a client", "clients", "internal/ws/x.go", "package ws\nimport \"net/http\"\nvar x, _ = http.Get(\"\")\nvar y = http.Client{}\n",
			[]string{
				"internal/ws/x.go:3: http.Get: foreign addresses are asked by internal/outbound only",
				"internal/ws/x.go:4: http.Client: foreign addresses are asked by internal/outbound only",
			},
		},
		{"a client where it belongs", "clients", "internal/outbound/x.go", "package outbound\nimport \"net/http\"\nvar x http.Client\n", nil},
		{
			"a route past the tables", "routes", "internal/ws/x.go", "package ws\nfunc f(m mux) { m.HandleFunc(\"/x\", nil); m.Handle(\"/y\", nil) }\n",
			[]string{
				"internal/ws/x.go:2: HandleFunc: routes stand in the tables of the doors, each with its verb",
				"internal/ws/x.go:2: Handle: routes stand in the tables of the doors, each with its verb",
			},
		},
		{
			"a mux of one's own", "routes", "internal/api/x.go", "package api\nimport \"net/http\"\nvar x = http.NewServeMux()\n",
			[]string{"internal/api/x.go:3: NewServeMux: routes stand in the tables of the doors, each with its verb"},
		},
		{"a table", "routes", "internal/api/api.go", "package api\nfunc f(m mux, r route) { m.HandleFunc(r.pattern, nil) }\n", nil},
		{
			"a route beside a table", "routes", "internal/api/api.go", "package api\nfunc f(m mux) { m.HandleFunc(\"/x\", nil) }\n",
			[]string{"internal/api/api.go:2: HandleFunc: routes stand in the tables of the doors, each with its verb"},
		},
		{"a test with a mux", "routes", "internal/api/x_test.go", "package api\nfunc f(m mux) { m.HandleFunc(\"/x\", nil) }\n", nil},
		{
			"a policy of one's own", "headers", "internal/admin/x.go", "package admin\nvar x = \"content-security-policy\"\n",
			[]string{`internal/admin/x.go:2: "content-security-policy": internal/guard sets it for every answer`},
		},
		{"the policy of all", "headers", "internal/guard/x.go", "package guard\nvar x = \"Content-Security-Policy\"\n", nil},
		{"a server", "clients", "internal/ws/x.go", "package ws\nimport \"net/http\"\nvar x = http.MethodGet\n", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := arch.ParseGo(test.path, []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, goRules[test.rule](file)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestScriptRules(t *testing.T) {
	for _, test := range []struct {
		name, rule, text string
		want             []string
	}{
		{"HTML made of a text", "markup", "a\nb.innerHTML = c;\n", []string{"web/src/x.ts:2: innerHTML: text is shown by components, as text"}},
		{"HTML around it", "markup", "b.outerHTML = c;\n", []string{"web/src/x.ts:1: outerHTML: text is shown by components, as text"}},
		{
			"HTML beside it", "markup", "b.insertAdjacentHTML('beforeend', c);\n",
			[]string{"web/src/x.ts:1: insertAdjacentHTML: text is shown by components, as text"},
		},
		{
			"HTML by a component", "markup", "<p dangerouslySetInnerHTML={{ __html: c }} />\n",
			[]string{"web/src/x.ts:1: dangerouslySetInnerHTML: text is shown by components, as text"},
		},
		{"a written document", "markup", "document.write(c);\n", []string{"web/src/x.ts:1: document.write: text is shown by components, as text"}},
		{"text", "markup", "b.textContent = c;\n", nil},
		{
			"a long script", "script size", strings.Repeat("\n", 501),
			[]string{"web/src/x.ts: 501 lines, at most 500 are read in one go: split it"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := scriptRules[test.rule](arch.Script{Path: "web/src/x.ts", Text: test.text})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
