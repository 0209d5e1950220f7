// The build bundles the browser client: the script, the style sheets and the icons in web/dist. It takes no notice of where it
// is run or on which machine: the same sources give the same bytes.
//
//	go run .                 writes web/dist
//	go run . -check          fails when web/dist is not what the sources give
//	go run . -tests DIR      bundles web/test for "node --test DIR"
//	go run . -tests DIR FILE bundles one program of web/test instead, for node
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// lineLimit breaks the lines of the minified files, so that a difference between two builds can be read.
const lineLimit = 160

func main() {
	web := flag.String("web", "..", "the web directory")
	check := flag.Bool("check", false, "compare web/dist with a fresh build and write nothing")
	tests := flag.String("tests", "", "bundle the tests into this directory instead")
	flag.Parse()
	if err := run(*web, *tests, flag.Args(), *check); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(web, tests string, programs []string, check bool) error {
	web, err := filepath.Abs(web)
	if err != nil {
		return err
	}
	if tests != "" {
		if len(programs) > 0 {
			return bundleForNode(web, tests, programs)
		}
		return buildTests(web, tests)
	}
	files, err := buildClient(web)
	if err != nil {
		return err
	}
	dist := filepath.Join(web, "dist")
	if check {
		return compare(dist, files)
	}
	return write(dist, files)
}

// buildClient gives the files of dist by name.
func buildClient(web string) (map[string][]byte, error) {
	files := map[string][]byte{}
	entries := []api.EntryPoint{
		{InputPath: "src/main.tsx", OutputPath: "app"},
		{InputPath: "src/passkey.ts", OutputPath: "passkey"},
		{InputPath: "src/passkey.ts", OutputPath: "passkey"},
		{InputPath: "style/app.css", OutputPath: "app"},
	}
	if _, err := os.Stat(filepath.Join(web, "style", "admin.css")); err == nil {
		entries = append(entries, api.EntryPoint{InputPath: "style/admin.css", OutputPath: "admin"})
	}
	for _, entry := range entries {
		result := api.Build(api.BuildOptions{
			AbsWorkingDir:       web,
			EntryPointsAdvanced: []api.EntryPoint{entry},
			Outdir:              "dist",
			Bundle:              true,
			Format:              api.FormatESModule,
			Platform:            api.PlatformBrowser,
			Target:              api.ES2022,
			Engines: []api.Engine{
				{Name: api.EngineChrome, Version: "111"},
				{Name: api.EngineFirefox, Version: "115"},
				{Name: api.EngineSafari, Version: "16.4"},
			},
			JSX:               api.JSXAutomatic,
			JSXImportSource:   "preact",
			MinifyWhitespace:  true,
			MinifyIdentifiers: true,
			MinifySyntax:      true,
			LineLimit:         lineLimit,
			Charset:           api.CharsetUTF8,
			LegalComments:     api.LegalCommentsNone,
			LogLevel:          api.LogLevelWarning,
		})
		if len(result.Errors) > 0 {
			return nil, errors.New("the client does not build")
		}
		for _, file := range result.OutputFiles {
			files[filepath.Base(file.Path)] = file.Contents
		}
	}
	icons, err := filepath.Glob(filepath.Join(web, "icons", "*.svg"))
	if err != nil {
		return nil, err
	}
	for _, icon := range icons {
		data, err := os.ReadFile(icon)
		if err != nil {
			return nil, err
		}
		files[filepath.Base(icon)] = data
	}
	return files, nil
}

// buildTests bundles each test by itself, readable and with a source map, for Node.
func buildTests(web, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	var entries []string
	for _, pattern := range []string{"*.test.ts", "*.test.tsx"} {
		found, err := filepath.Glob(filepath.Join(web, "test", pattern))
		if err != nil {
			return err
		}
		entries = append(entries, found...)
	}
	if len(entries) == 0 {
		return errors.New("no tests in web/test")
	}
	stale, err := filepath.Glob(filepath.Join(dir, "*.test.mjs"))
	if err != nil {
		return err
	}
	for _, file := range stale {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return bundleForNode(web, dir, entries)
}

func bundleForNode(web, dir string, entries []string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:   web,
		EntryPoints:     entries,
		Outdir:          dir,
		OutExtension:    map[string]string{".js": ".mjs"},
		Bundle:          true,
		Write:           true,
		Format:          api.FormatESModule,
		Platform:        api.PlatformNode,
		Target:          api.ES2022,
		JSX:             api.JSXAutomatic,
		JSXImportSource: "preact",
		Sourcemap:       api.SourceMapInline,
		LogLevel:        api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return errors.New("the tests do not build")
	}
	return nil
}

// write makes dist hold exactly the files given.
func write(dist string, files map[string][]byte) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	stale, err := surplus(dist, files)
	if err != nil {
		return err
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(dist, name)); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dist, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compare reports the files of dist that a fresh build would change.
func compare(dist string, files map[string][]byte) error {
	wrong, err := surplus(dist, files)
	if err != nil {
		return err
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !bytes.Equal(got, want) {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("web/dist is not what the sources give (%s): run go run . in web/build", strings.Join(wrong, ", "))
}

// surplus names the files in dist that are not among files.
func surplus(dist string, files map[string][]byte) ([]string, error) {
	entries, err := os.ReadDir(dist)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if _, ok := files[entry.Name()]; !ok {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
