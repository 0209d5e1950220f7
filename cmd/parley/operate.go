package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"parley/internal/admin"
	"parley/internal/backup"
	"parley/internal/chat"
	"parley/internal/importer"
	"parley/internal/search"
	"parley/internal/store"
)

// socketName is the operator's socket in the data directory. Only the server's own user can open it.
const socketName = "parley.sock"

// listenForCommands opens the unix socket for the operator's commands. It is not ok where there cannot be one: a path of
// more than about 100 bytes cannot be a socket, and everything else works without.
func (s *server) listenForCommands() (commands net.Listener, ok bool, err error) {
	path := s.data.file(socketName)
	// We hold the directory's lock, so a socket that is there belongs to nobody any more.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, false, err
	}
	commands, err = net.Listen("unix", path)
	if err != nil {
		s.logger.Warn("parley admin and parley import will not reach this server while it runs", "error", err)
		return nil, false, nil
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, false, errors.Join(err, commands.Close())
	}
	return commands, true, nil
}

// operate answers the operator's commands until ctx ends.
func (s *server) operate(ctx context.Context, listener net.Listener) error {
	operator := newOperator(s.admin, s.store, s.logger)
	operator.Handle(search.Route, search.Handler(s.index))
	operator.Handle(backup.Route, backup.Handler(s.data.file(databaseName)))
	web := &http.Server{Handler: operator, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	return serveUntil(ctx, web, listener, func() {})
}

func newOperator(a *chat.Admin, s *store.Store, logger *slog.Logger) *admin.Operator {
	operator := admin.NewOperator(a, logger)
	operator.Handle(importer.Route, importer.Handler(s))
	return operator
}

// reach is the operator of the server that uses the data directory, or one in this process while no server runs. done
// must be called at the end.
func reach(ctx context.Context, path string, t terminal) (operator admin.Doer, done func() error, err error) {
	data, err := openData(path)
	if errors.Is(err, errInUse) {
		socket := (&dataDir{path: path}).file(socketName)
		if _, missing := os.Stat(socket); missing != nil {
			return nil, nil, err
		}
		return admin.Dial(socket), func() error { return nil }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	logger := slog.New(slog.NewTextHandler(t.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	opened, err := store.Open(ctx, store.Config{Path: data.file(databaseName), Logger: logger})
	if err != nil {
		return nil, nil, errors.Join(err, data.Close())
	}
	writing, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- opened.Run(writing) }()
	done = func() error {
		end()
		return errors.Join(<-ended, opened.Close(), data.Close())
	}
	return admin.Local(newOperator(&chat.Admin{Store: opened, Limits: chat.DefaultLimits}, opened, logger)), done, nil
}

// adminCommand is "parley admin".
type adminCommand struct {
	Create    adminCreate    `cmd:"" help:"Make an account that opens the admin site."`
	List      adminList      `cmd:"" help:"List who can open the admin site."`
	Password  adminPassword  `cmd:"" help:"Give an account another password and sign it out everywhere."`
	Remove    adminRemove    `cmd:"" help:"Take the way into the admin site away from an account."`
	ResetLink adminResetLink `cmd:"" name:"reset-link" help:"Print a link to a new password for an account; it works once, for an hour."`
	Lockdown  adminLockdown  `cmd:"" help:"Let fewer people in, read or speak until a storm is over."`
}

// dataFlag is shared by the commands that work on a data directory.
type dataFlag struct {
	Data string `default:"data" placeholder:"DIR" help:"The directory that holds everything. (${default})"`
}

// on runs f with the operator of the data directory.
func (d dataFlag) on(ctx context.Context, t terminal, f func(operator admin.Doer) error) error {
	operator, done, err := reach(ctx, d.Data, t)
	if err != nil {
		return err
	}
	return errors.Join(f(operator), done())
}

type passwordFlag struct {
	PasswordStdin bool `name:"password-stdin" env:"-" help:"Read the password from the first line of standard input. Without it one is made and printed."`
}

// password is the one to set, and whether it was made here.
func (p passwordFlag) password(t terminal) (password string, made bool, err error) {
	if !p.PasswordStdin {
		return admin.NewPassword(), true, nil
	}
	line, err := bufio.NewReader(io.LimitReader(t.in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, fmt.Errorf("reading the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

type adminCreate struct {
	dataFlag
	passwordFlag
	Name     string    `arg:"" help:"The name to sign in with."`
	Role     chat.Role `enum:",owner,administrator" default:"" env:"-" help:"owner or administrator. Default: owner while there is none, else administrator."`
	Existing bool      `env:"-" help:"Give the role to the account of that name that there is; its password stays."`
}

// Run makes the account and prints what is needed to sign in.
func (c *adminCreate) Run(ctx context.Context, t terminal) error {
	order := admin.Command{Name: c.Name, Role: c.Role, Existing: c.Existing}
	made := false
	if !c.Existing {
		var err error
		if order.Password, made, err = c.password(t); err != nil {
			return err
		}
	}
	return c.on(ctx, t, func(operator admin.Doer) error {
		created, err := admin.Create(ctx, operator, order)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s is %s now. Sign in at /admin/.\n", created.Name, created.Role)
		if made {
			fmt.Fprintf(t.out, "Password: %s\n", order.Password)
		}
		return nil
	})
}

type adminList struct{ dataFlag }

// Run prints a line for each.
func (c *adminList) Run(ctx context.Context, t terminal) error {
	return c.on(ctx, t, func(operator admin.Doer) error {
		list, err := admin.List(ctx, operator)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			fmt.Fprintln(t.out, "Nobody can open the admin site. Make somebody: parley admin create NAME")
		}
		for _, a := range list {
			state := ""
			if a.Deactivated {
				state = " (deactivated)"
			}
			fmt.Fprintf(t.out, "%s\t%s%s\n", a.Name, a.Role, state)
		}
		return nil
	})
}

type adminPassword struct {
	dataFlag
	passwordFlag
	Name string `arg:"" help:"The account's name."`
}

// Run sets the password.
func (c *adminPassword) Run(ctx context.Context, t terminal) error {
	password, made, err := c.password(t)
	if err != nil {
		return err
	}
	return c.on(ctx, t, func(operator admin.Doer) error {
		changed, err := admin.SetPassword(ctx, operator, c.Name, password)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s has another password now and is signed out everywhere.\n", changed.Name)
		if made {
			fmt.Fprintf(t.out, "Password: %s\n", password)
		}
		return nil
	})
}

type adminRemove struct {
	dataFlag
	Name string `arg:"" help:"The account's name."`
}

// Run takes the role away.
func (c *adminRemove) Run(ctx context.Context, t terminal) error {
	return c.on(ctx, t, func(operator admin.Doer) error {
		removed, err := admin.Remove(ctx, operator, c.Name)
		if err == nil {
			fmt.Fprintf(t.out, "%s cannot open the admin site any more.\n", removed.Name)
		}
		return err
	})
}

type adminLockdown struct {
	dataFlag
	Level string `arg:"" enum:"none,no_guests,members_only,read_only" help:"none; no_guests: nobody becomes a guest; members_only: guests neither read nor speak; read_only: only moderators speak."`
	Why   string `env:"-" placeholder:"REASON" help:"For the audit log."`
}

// Run puts the level in force.
func (c *adminLockdown) Run(ctx context.Context, t terminal) error {
	level := chat.Lockdown(c.Level)
	if c.Level == "none" {
		level = chat.NoLockdown
	}
	return c.on(ctx, t, func(operator admin.Doer) error {
		changed, err := admin.LockDown(ctx, operator, level, c.Why)
		if err == nil {
			fmt.Fprintf(t.out, "Lockdown: %s (was %s).\n", c.Level, cmp.Or(string(changed.Was), "none"))
		}
		return err
	})
}

type adminResetLink struct {
	dataFlag
	BaseURL *url.URL `name:"base-url" placeholder:"URL" help:"Where people find the server. Default: only what comes after its address is printed."`
	Name    string   `arg:"" help:"The account's name."`
}

// Run prints the link.
func (c *adminResetLink) Run(ctx context.Context, t terminal) error {
	return c.on(ctx, t, func(operator admin.Doer) error {
		made, err := admin.MakeResetLink(ctx, operator, c.Name)
		if err != nil {
			return err
		}
		base := ""
		if c.BaseURL != nil {
			base = strings.TrimRight(c.BaseURL.String(), "/")
		}
		fmt.Fprintf(t.out, "%s chooses a new password here, once, within an hour: %s%s\n", made.Name, base, made.Path)
		return nil
	})
}

// importCommand is "parley import".
type importCommand struct {
	Django importDjango `cmd:"" help:"Take in the database of the tutorial's Django site."`
}

type importDjango struct {
	dataFlag
	File string `arg:"" help:"The site's db.sqlite3. It is only read."`
}

// Run imports and prints what came, what was changed and what was left out.
func (c *importDjango) Run(ctx context.Context, t terminal) error {
	return c.on(ctx, t, func(operator admin.Doer) error {
		report, err := importer.Ask(ctx, operator, admin.Base, c.File, func(p importer.Progress) { fmt.Fprintln(t.errs, p) })
		if err == nil || report.Rooms.Came()+report.Messages.Came > 0 {
			// An import that broke off says what came until then; run again it goes on there.
			if _, printed := report.WriteTo(t.out); printed != nil {
				return errors.Join(err, printed)
			}
		}
		return err
	})
}
