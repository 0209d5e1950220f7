//go:build linux

package work

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"parley/bench/host"
	"parley/bench/load"
)

// djangoPackages are Debian's packages that the tutorial's app runs on.
var djangoPackages = []string{"daphne", "python3-django", "python3-django-channels"}

// python is Debian's, for which the packages are; another one may come first in the path.
const python = "/usr/bin/python3"

// daphneReady is what Daphne says when it takes connections.
var daphneReady = regexp.MustCompile(`Listening on TCP address (\S+)`)

// fanoutDjango presses the tutorial's own app on Daphne.
func fanoutDjango(ctx context.Context, b *Bench, s subject, _ int) (window, error) {
	if err := b.djangoPackages(ctx); err != nil {
		return window{}, err
	}
	dir, err := b.dataDir()
	if err != nil {
		return window{}, err
	}
	source := filepath.Join(b.Root, "bench", "reference", "django")
	env := []string{"PYTHONDONTWRITEBYTECODE=1", "CHAT_DATABASE=" + filepath.Join(dir, "db.sqlite3")}
	if _, err := host.Run(ctx, source, env, python, "manage.py", "migrate", "--verbosity", "0"); err != nil {
		return window{}, err
	}
	const room = "lobby"
	if _, err := host.Run(ctx, source, env, python, "manage.py", "shell", "-c",
		"from ChatApp.models import Room; Room(room_name='"+room+"').save()"); err != nil {
		return window{}, err
	}
	address, err := freePort()
	if err != nil {
		return window{}, err
	}
	_, port, _ := net.SplitHostPort(address)
	// It needs a file for every connection, and does not raise the soft limit, which is often 1024, by itself.
	p, err := host.Start(ctx, host.Program{
		Path: "/bin/sh", Args: []string{"-c", `ulimit -n "$(ulimit -H -n)"; exec /usr/bin/daphne -b 127.0.0.1 -p "$0" ChatPrj.asgi:application 2>&1`, port},
		Dir: source, Env: env, Ready: daphneReady,
	})
	if err != nil {
		return window{}, err
	}
	defer p.Kill()
	path := "/ws/notification/" + room + "/"
	c, err := attend(p.Address, path, path, b.Size.Readers, b.Size.Posters, func(by int) *load.Plain {
		return &load.Plain{By: by, Text: b.Text, Wrap: load.WrapTutorial(room), Mine: load.MineTutorial}
	})
	if err != nil {
		return window{}, err
	}
	defer c.close()
	// It takes more than a hundred seconds for a round of all posters: what is under way at the end is not waited for.
	w, err := c.pressWindow(p, djangoSeconds(b, 4), djangoSeconds(b, 14), nil)
	if err != nil {
		return w, err
	}
	b.tell(s.title, w)
	p.Kill()
	return w, os.RemoveAll(dir)
}

// djangoSeconds is how long it is pressed: about one message a second is complete, so a glance takes its time as well.
func djangoSeconds(b *Bench, full time.Duration) time.Duration {
	if b.Size.Longest > 0 {
		full = full/2 + 1
	}
	return full * time.Second
}

// djangoPackages sees to it that the packages are there: on Debian as root they are installed.
func (b *Bench) djangoPackages(ctx context.Context) error {
	if hasDjango(ctx) {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return skip{"it needs " + strings.Join(djangoPackages, ", ") + ", which are not installed here"}
	}
	b.say("installing %s", strings.Join(djangoPackages, " "))
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	if _, err := host.Run(ctx, "", env, "apt-get", "update", "-q"); err != nil {
		return skip{err.Error()}
	}
	args := append([]string{"install", "-q", "-y", "--no-install-recommends"}, djangoPackages...)
	if _, err := host.Run(ctx, "", env, "apt-get", args...); err != nil {
		return skip{err.Error()}
	}
	if !hasDjango(ctx) {
		return skip{"its packages were installed and cannot be imported"}
	}
	return nil
}

func hasDjango(ctx context.Context) bool {
	if _, err := os.Stat("/usr/bin/daphne"); err != nil {
		return false
	}
	_, err := host.Run(ctx, "", nil, python, "-c", "import django, channels, daphne")
	return err == nil
}

// freePort is an address that nobody listens on just now.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}
