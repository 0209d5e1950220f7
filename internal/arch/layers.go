package arch

import (
	"go/token"
	"slices"
	"strings"
)

// module is the path that our own packages begin with.
const module = "parley/"

// doors are where requests come in. They know nothing of each other.
var doors = []string{"internal/admin", "internal/api", "internal/pages", "internal/tutorial", "internal/ws"}

// below says which packages of ours a package may import, from the top down. cmd/parley, which wires everything, may import
// all of them, and is the only one that may import the store: everybody else reaches it through chat's interfaces.
var below = map[string][]string{
	"internal/socket":    {"internal/live"},
	"internal/backup":    {"internal/chat", "internal/operator"},
	"internal/importer":  {"internal/chat", "internal/operator"},
	"internal/operator":  {"internal/chat"},
	"internal/verify":    {"internal/chat"},
	"internal/search":    {"internal/chat", "internal/operator"},
	"internal/store":     {"internal/chat", "internal/fault"},
	"internal/auth":      {"internal/chat", "internal/outbound"},
	"internal/guard":     {"internal/auth", "internal/chat", "internal/problem"},
	"internal/live":      {"internal/chat", "internal/fault"},
	"internal/problem":   {"internal/chat"},
	"internal/markup":    {},
	"internal/outbound":  {},
	"internal/chat":      {},
	"internal/arch":      {},
	"internal/fault":     {},
	"internal/mail":      {"internal/chat"},
	"internal/smalldisk": {}, // for tests alone
	"internal/postbox":   {}, // for tests alone
	"internal/issuer":    {}, // for tests alone
	"web":                {},

	// What measures Parley talks to it from outside; the echo alone is made of it.
	"bench":                 {"bench/figures", "bench/host", "bench/work"},
	"bench/work":            {"bench/audit", "bench/figures", "bench/host", "bench/load"},
	"bench/audit":           {"bench/load"},
	"bench/echo":            {"internal/live", "internal/socket"},
	"bench/figures":         {},
	"bench/host":            {},
	"bench/load":            {},
	"bench/reference/limit": {},
	"bench/reference/page":  {},
}

// belowDoors is what doors may import.
var belowDoors = []string{
	"internal/auth", "internal/chat", "internal/importer", "internal/live", "internal/markup", "internal/problem", "internal/socket", "web",
}

// chatModules are the modules that the domain may import beside the standard library.
var chatModules = []string{"golang.org/x/text/", "github.com/ergochat/confusables"}

// outside are the packages of the standard library that do I/O, which the domain does not.
var outside = []string{"database/sql", "io/fs", "net", "net/http", "os", "os/exec", "os/signal", "syscall"}

// Imports says which imports of a file point upwards or sideways. Tests may import what they like.
func Imports(f GoFile) []string {
	if f.isTest() {
		return nil
	}
	var faults []string
	for path, at := range f.imports() {
		if why := f.mayNotImport(path); why != "" {
			faults = append(faults, f.fault(at, "imports %q: %s", path, why))
		}
	}
	if !known(f.dir()) {
		faults = append(faults, f.fault(token.Pos(1), "package %s has no place among the layers yet: give it one in internal/arch/layers.go", f.dir()))
	}
	slices.Sort(faults)
	return faults
}

func known(dir string) bool {
	_, ok := below[dir]
	return ok || dir == "cmd/parley" || slices.Contains(doors, dir)
}

// mayNotImport is why a file may not import a path, or "".
func (f GoFile) mayNotImport(path string) string {
	dir := f.dir()
	ours, isOurs := strings.CutPrefix(path, module)
	allowed, isDoor := below[dir], slices.Contains(doors, dir)
	if isDoor {
		allowed = belowDoors
	}
	switch {
	case !isOurs && dir == "internal/chat":
		return chatMayNotImport(path)
	case !isOurs, dir == "cmd/parley", slices.Contains(allowed, ours):
		return ""
	case ours == "internal/store":
		return "only cmd/parley imports the store"
	case isDoor && slices.Contains(doors, ours):
		return "doors do not import doors"
	default:
		return "it is not below " + dir
	}
}

func chatMayNotImport(path string) string {
	if slices.Contains(outside, path) {
		return "the domain does no I/O"
	}
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return "" // the standard library
	}
	for _, allowed := range chatModules {
		if strings.HasPrefix(path, allowed) {
			return ""
		}
	}
	return "the domain imports the standard library, x/text and confusables only"
}
