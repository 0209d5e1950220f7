// Parley is a chat website in one program: pages, sockets, the admin site and the database.
//
// This package is the command line and the wiring; it is the only place that reads flags and the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"parley/internal/fault"
)

// version is set by the linker for a release.
var version = ""

// cli is the whole command line. Every flag can be given in the environment too, as PARLEY_ and its name.
type cli struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the server (the default)."`
	Admin   adminCommand   `cmd:"" help:"Manage administrators and the lockdown, also while the server runs."`
	Import  importCommand  `cmd:"" help:"Bring in another system's data, also while the server runs."`
	Backup  backupCommand  `cmd:"" help:"Write the database into one file, also while the server runs."`
	Restore restoreCommand `cmd:"" help:"Bring a backup back into a data directory that no server uses."`
	Reindex reindexCommand `cmd:"" help:"Build the search index anew, also while the server runs."`
	Verify  verifyCommand  `cmd:"" help:"Torture a server of its own and check that it keeps its promises."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with everything that it touches as arguments; it returns the exit code: 0 done, 1 failed, 2 not understood.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	var c cli
	exited := false
	parser, err := kong.New(&c, kong.Name("parley"), kong.Description("A chat website in one program. Without a command it runs the server; its settings: parley serve --help"),
		kong.DefaultEnvars("PARLEY"), kong.Writers(out, errs), kong.UsageOnError(),
		kong.Exit(func(status int) { exited, code = true, status }))
	if err != nil {
		fmt.Fprintln(errs, "parley:", err)
		return 1
	}
	command, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		fmt.Fprintln(errs, "parley:", err)
		fmt.Fprintln(errs, "Try: parley --help")
		return 2
	}
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(terminal{in, out, errs})
	if err := command.Run(); err != nil {
		fmt.Fprintln(errs, "parley:", err)
		if hint := hintOf(err); hint != "" {
			fmt.Fprintln(errs, hint)
		}
		if e, ok := errors.AsType[exitError](err); ok {
			return e.code
		}
		return 1
	}
	return 0
}

// A terminal is where a command reads and writes.
type terminal struct {
	in        io.Reader
	out, errs io.Writer
}

// A hinted error says what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func hintOf(err error) string {
	if h, ok := errors.AsType[hinted](err); ok {
		return h.hint
	}
	return ""
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(t terminal) error {
	_, err := fmt.Fprintln(t.out, "parley", versionText())
	return err
}

// versionText says which release this is, and what was built in for the torture run.
func versionText() string {
	text := release()
	if fault.Enabled {
		text += " with failpoints"
	}
	if fault.Planted != "" {
		text += " with a planted fault: " + fault.Planted
	}
	return text
}

// release is the release, or the commit that this was built from, or "dev".
func release() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev-" + s.Value[:12]
			}
		}
	}
	return "dev"
}
