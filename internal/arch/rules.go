package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Lines that a file and a function may have. Tests, which are lists more often, may be as long as the hard limit.
const (
	maxFile     = 500
	maxFileHard = 800
	maxFunction = 80
)

// longFiles are the files that may have up to maxFileHard lines, each with the reason.
var longFiles = map[string]string{}

// FileSize says when a file is too long.
func FileSize(f GoFile) []string {
	limit := maxFile
	if f.isTest() || longFiles[f.Path] != "" {
		limit = maxFileHard
	}
	if f.Lines > limit {
		return []string{fmt.Sprintf("%s: %d lines, at most %d are read in one go: split it", f.Path, f.Lines, limit)}
	}
	return nil
}

// FunctionSize says which functions are too long. Tests are left out: a table of cases is not a function's complexity.
func FunctionSize(f GoFile) []string {
	if f.isTest() {
		return nil
	}
	var faults []string
	ast.Inspect(f.Tree, func(n ast.Node) bool {
		if fn, ok := n.(*ast.FuncDecl); ok {
			lines := f.Set.Position(fn.End()).Line - f.Set.Position(fn.Pos()).Line + 1
			if lines > maxFunction {
				faults = append(faults, f.fault(fn.Pos(), "%s has %d lines, at most %d", fn.Name.Name, lines, maxFunction))
			}
		}
		return true
	})
	return faults
}

// Sleep says where a test sleeps. Tests wait for events; in a file of testing/synctest, whose clock is not the real one,
// sleeping is how time passes.
func Sleep(f GoFile) []string {
	if _, fake := f.imports()["testing/synctest"]; fake || !f.isTest() {
		return nil
	}
	var faults []string
	f.uses("time", func(name string, at token.Pos) {
		if name == "Sleep" {
			faults = append(faults, f.fault(at, "a test that sleeps is slow, or fails now and then: wait for what is to happen"))
		}
	})
	return faults
}

// emptyNames say nothing about what a package holds.
var emptyNames = []string{"common", "helper", "helpers", "misc", "shared", "types", "util", "utils"}

// PackageName says when a package has a name that says nothing.
func PackageName(f GoFile) []string {
	name := strings.TrimSuffix(f.Tree.Name.Name, "_test")
	if slices.Contains(emptyNames, name) {
		return []string{f.fault(f.Tree.Name.Pos(), "package %s: name it for what it holds", name)}
	}
	return nil
}

// commands are the programs beside cmd/parley; they have flags of their own.
var commands = []string{"bench", "bench/echo", "bench/reference/limit", "bench/reference/page"}

// testHelper is the package that is for tests alone and is told like them that it runs in CI.
const testHelper = "internal/smalldisk"

// Settings says where flags and the environment are read outside of cmd/parley and the other programs. Tests may: they are told
// by the environment that they run in CI, or as a child.
func Settings(f GoFile) []string {
	if f.isTest() || f.dir() == "cmd/parley" || f.dir() == testHelper || slices.Contains(commands, f.dir()) {
		return nil
	}
	var faults []string
	for _, pkg := range []string{"flag", "github.com/alecthomas/kong"} {
		if at, ok := f.imports()[pkg]; ok {
			faults = append(faults, f.fault(at, "imports %q: only cmd/parley reads flags", pkg))
		}
	}
	f.uses("os", func(name string, at token.Pos) {
		if slices.Contains([]string{"Args", "Environ", "ExpandEnv", "Getenv", "LookupEnv"}, name) {
			faults = append(faults, f.fault(at, "os.%s: only cmd/parley reads the command line and the environment", name))
		}
	})
	return faults
}

// ownClients are the files whose clients ask our own server and nobody else, each with the way.
var ownClients = map[string]string{
	"internal/admin/client.go": "the unix socket in the data directory",
}

// Clients says where an HTTP client is used outside of cmd/parley and of internal/outbound, which checks what it dials.
func Clients(f GoFile) []string {
	if f.isTest() || f.dir() == "cmd/parley" || f.dir() == "internal/outbound" || ownClients[f.Path] != "" {
		return nil
	}
	names := []string{"Client", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "Transport"}
	var faults []string
	f.uses("net/http", func(name string, at token.Pos) {
		if slices.Contains(names, name) {
			faults = append(faults, f.fault(at, "http.%s: foreign addresses are asked by internal/outbound only", name))
		}
	})
	return faults
}

// muxes are the files that give patterns to a mux, each with the patterns that it may spell out there: those of a door as a whole,
// or "*" for all where nothing is for visitors. All others come from tables, whose rows have a field pattern beside the verb of the
// permission table.
var muxes = map[string][]string{
	"cmd/parley/routes.go":     nil,
	"internal/api/api.go":      nil,
	"internal/admin/admin.go":  {"/admin/"},
	"internal/pages/pages.go":  nil,
	"internal/pages/routes.go": {"/"},

	"cmd/parley/debug.go":        {"*"}, // profiles, on a loopback address of their own
	"cmd/parley/operate.go":      {"*"}, // the operator's commands, on a unix socket
	"internal/admin/operator.go": {"*"}, // the same
}

// Routes says where something is served past the tables: a file that makes a mux, or gives a mux a pattern, that may not.
func Routes(f GoFile) []string {
	spelled, may := muxes[f.Path]
	if f.isTest() || slices.Contains(spelled, "*") || strings.HasPrefix(f.Path, "bench/") {
		return nil
	}
	var faults []string
	ast.Inspect(f.Tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		s, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Handle", "HandleFunc", "NewServeMux"}, s.Sel.Name) {
			return true
		}
		if !may || len(call.Args) > 0 && !fromTable(call.Args[0], spelled) {
			faults = append(faults, f.fault(s.Pos(), "%s: routes stand in the tables of the doors, each with its verb", s.Sel.Name))
		}
		return true
	})
	return faults
}

// fromTable reports whether an expression is the field pattern of something, or one of the texts.
func fromTable(pattern ast.Expr, texts []string) bool {
	switch p := pattern.(type) {
	case *ast.SelectorExpr:
		return p.Sel.Name == "pattern"
	case *ast.BasicLit:
		return slices.Contains(texts, strings.Trim(p.Value, "\"`"))
	}
	return false
}

// guardHeaders are set for every answer in one place.
var guardHeaders = strings.Fields("Content-Security-Policy Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Permissions-Policy " +
	"Strict-Transport-Security X-Content-Type-Options X-Frame-Options")

// Headers says where a header that guards browsers is named outside of internal/guard.
func Headers(f GoFile) []string {
	if f.isTest() || f.dir() == "internal/guard" {
		return nil
	}
	var faults []string
	ast.Inspect(f.Tree, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && slices.Contains(guardHeaders, http.CanonicalHeaderKey(strings.Trim(text.Value, "\"`"))) {
			faults = append(faults, f.fault(text.Pos(), "%s: internal/guard sets it for every answer", text.Value))
		}
		return true
	})
	return faults
}

// markupSinks are ways of a browser to take a text for HTML or for a program.
var markupSinks = regexp.MustCompile(`(?i)\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|createContextualFragment|document\.write(ln)?)\b`)

// Markup says where a script of the browser client makes HTML of a text.
func Markup(s Script) []string {
	var faults []string
	for i, line := range strings.Split(s.Text, "\n") {
		if sink := markupSinks.FindString(line); sink != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: %s: text is shown by components, as text", s.Path, i+1, sink))
		}
	}
	return faults
}

// ScriptSize says when a script of the browser client is too long.
func ScriptSize(s Script) []string {
	if lines := strings.Count(s.Text, "\n"); lines > maxFile {
		return []string{fmt.Sprintf("%s: %d lines, at most %d are read in one go: split it", s.Path, lines, maxFile)}
	}
	return nil
}
