// Package arch keeps the tree as ARCHITECTURE.md describes it: who may import whom, how long a file and a function may be,
// and what is done in one place only.
//
// A rule looks at one parsed file and says what is wrong with it. The package's own test applies all of them to the whole
// tree, so that a change that bends the tree fails like any other mistake.
package arch

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A GoFile is a parsed file of Go.
type GoFile struct {
	Path  string // from the root of the tree, with slashes
	Lines int
	Set   *token.FileSet
	Tree  *ast.File
}

// A Script is a file of the browser client, not parsed.
type Script struct {
	Path string // from the root of the tree, with slashes
	Text string
}

// ParseGo parses the text of a file of Go.
func ParseGo(name string, text []byte) (GoFile, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return GoFile{}, fmt.Errorf("arch: %w", err)
	}
	return GoFile{Path: name, Lines: bytes.Count(text, []byte("\n")), Set: set, Tree: tree}, nil
}

// dir is the directory of the file, which names its package: "internal/chat".
func (f GoFile) dir() string { return path.Dir(f.Path) }

func (f GoFile) isTest() bool { return strings.HasSuffix(f.Path, "_test.go") }

// fault is something wrong at a place of the file.
func (f GoFile) fault(at token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", f.Path, f.Set.Position(at).Line, fmt.Sprintf(format, args...))
}

// imports are the paths that the file imports.
func (f GoFile) imports() map[string]token.Pos {
	paths := map[string]token.Pos{}
	for _, spec := range f.Tree.Imports {
		paths[strings.Trim(spec.Path.Value, "\"`")] = spec.Pos()
	}
	return paths
}

// uses calls found for every name that the file takes out of a package of the standard library, such as Sleep of "time".
func (f GoFile) uses(pkg string, found func(name string, at token.Pos)) {
	local := ""
	for _, spec := range f.Tree.Imports {
		if strings.Trim(spec.Path.Value, "\"`") != pkg {
			continue
		}
		local = path.Base(pkg)
		if spec.Name != nil {
			local = spec.Name.Name
		}
	}
	if local == "" {
		return
	}
	ast.Inspect(f.Tree, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == local {
				found(selector.Sel.Name, selector.Pos())
			}
		}
		return true
	})
}

// ReadTree reads the files of the module at root: its Go, and the sources of the browser client. Modules inside of it, what
// was installed or built, and test data are left out.
func ReadTree(root string) ([]GoFile, []Script, error) {
	var code []GoFile
	var scripts []Script
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(root, name)
		}
		short, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		short = filepath.ToSlash(short)
		isScript := strings.HasPrefix(short, "web/src/") && (strings.HasSuffix(short, ".ts") || strings.HasSuffix(short, ".tsx"))
		if !isScript && !strings.HasSuffix(short, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if isScript {
			scripts = append(scripts, Script{Path: short, Text: string(text)})
			return nil
		}
		file, err := ParseGo(short, text)
		code = append(code, file)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("arch: reading the tree: %w", err)
	}
	return code, scripts, nil
}

// enter is nil for a directory that belongs to the module.
func enter(root, name string) error {
	if name == root {
		return nil
	}
	base := filepath.Base(name)
	if base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".") {
		return filepath.SkipDir
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	switch {
	case err == nil:
		return filepath.SkipDir
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return err
	}
}
