package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/auth"
	"parley/internal/chat"
)

const ourHome = "https://chat.example.org"

// A keyring is a server with passkeys, and its time.
type keyring struct {
	t        *testing.T
	clock    *clock
	users    *chat.Users
	gate     *auth.Gate
	passkeys *auth.Passkeys
}

func newKeyring(t *testing.T) *keyring {
	t.Helper()
	c := newClock()
	users, _ := people(t, c)
	g := gate(t, auth.Config{Users: users, Clock: c.Now, BaseURL: address(t, ourHome)})
	return &keyring{t, c, users, g, auth.NewPasskeys(g)}
}

func (k *keyring) browser() *browser { return newBrowser(k.t, k.gate, ourHome+"/") }

// guest is a browser of a new guest.
func (k *keyring) guest(name string) *browser {
	k.t.Helper()
	b := k.browser()
	session, cookie := k.gate.Begin(b.request())
	if _, err := k.users.Guest(context.Background(), name, *session); err != nil {
		k.t.Fatal(err)
	}
	b.cookies[cookie.Name] = cookie
	return b
}

// asks begins to add a passkey.
func (k *keyring) asks(b *browser, name string) any {
	k.t.Helper()
	w := httptest.NewRecorder()
	n := chat.Newcomer{Actor: b.me().Actor(), Name: name}
	if b.me().User.Kind == chat.Account {
		n.Linking = b.me().Session
	}
	options, err := k.passkeys.BeginAdding(w, b.request(), n)
	if err != nil {
		k.t.Fatal(err)
	}
	b.takes(w)
	return options
}

// adds adds a passkey to whoever the browser is.
func (k *keyring) adds(b *browser, d *device) (chat.User, error) {
	k.t.Helper()
	answer := d.create(k.asks(b, ""))
	user, cookie, err := k.passkeys.Add(b.request(), b.me(), answer)
	b.takes(httptest.NewRecorder(), cookie)
	return user, err
}

// member is a browser of a guest who became a member with a device's passkey.
func (k *keyring) member(name string) (*browser, *device) {
	k.t.Helper()
	b, d := k.guest(name), newDevice(k.t, ourHome)
	if _, err := k.adds(b, d); err != nil {
		k.t.Fatal(err)
	}
	return b, d
}

// challenge begins to sign in.
func (k *keyring) challenge(b *browser) any {
	k.t.Helper()
	w := httptest.NewRecorder()
	options, err := k.passkeys.BeginSignIn(w, b.request())
	if err != nil {
		k.t.Fatal(err)
	}
	b.takes(w)
	return options
}

func (k *keyring) signsIn(b *browser, answer []byte) (chat.User, error) {
	user, cookie, err := k.passkeys.SignIn(b.request(), answer)
	b.takes(httptest.NewRecorder(), cookie)
	return user, err
}

func TestPasskeys(t *testing.T) {
	k := newKeyring(t)

	t.Run("a guest becomes a member in place, and the session before ends", func(t *testing.T) {
		b, d := k.guest("ana"), newDevice(t, ourHome)
		was, before := b.me().User, b.request()
		user, err := k.adds(b, d)
		if err != nil {
			t.Fatal(err)
		}
		if user.ID != was.ID || user.Kind != chat.Account || user.Name != "ana" {
			t.Errorf("got %+v, want %s as a member", user, was.ID)
		}
		if got := b.me().User; got.ID != was.ID || got.Kind != chat.Account {
			t.Errorf("the new cookie is of %+v", got)
		}
		if id, err := k.gate.Who(before); err != nil || id.User.ID != 0 {
			t.Errorf("the cookie of before is of %v, %v; want nobody", id.User, err)
		}
	})
	t.Run("signs in without a name, in another browser", func(t *testing.T) {
		_, d := k.member("ben")
		b := k.browser()
		d.count++
		user, err := k.signsIn(b, d.sign(k.challenge(b)))
		if err != nil || user.Name != "ben" || b.me().User.Name != "ben" {
			t.Errorf("got %v, %v", user, err)
		}
		if got := b.me().User.ID; got != user.ID {
			t.Errorf("the cookie is of %s, want %s", got, user.ID)
		}
	})
	t.Run("asks for a key that the device finds by itself", func(t *testing.T) {
		b, d := k.member("cem")
		a := read(t, k.asks(b, "")).PublicKey
		if a.RP.ID != "chat.example.org" || a.User.Name != "cem" || a.Selection.ResidentKey != "required" || a.Selection.UserVerification != "preferred" {
			t.Errorf("got %+v", a)
		}
		if a.User.ID != b64(d.handle) || len(a.Exclude) != 1 || a.Exclude[0].ID != b64(d.id) {
			t.Errorf("got the handle %s without %v, want %s without %s", a.User.ID, a.Exclude, b64(d.handle), b64(d.id))
		}
		if a := read(t, k.challenge(b)).PublicKey; a.RPID != "chat.example.org" || a.Verify != "preferred" || a.Timeout != 300_000 {
			t.Errorf("got %+v", a)
		}
	})
	t.Run("a member has several, each with a name", func(t *testing.T) {
		b, _ := k.member("dora")
		cookies := len(b.cookies)
		if _, err := k.adds(b, newDevice(t, ourHome)); err != nil {
			t.Fatal(err)
		}
		if len(b.cookies) != cookies || b.me().User.Name != "dora" {
			t.Error("got another session for it")
		}
		has, err := k.users.Passkeys(t.Context(), b.me().Actor())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range has {
			names = append(names, p.Name)
		}
		slices.Sort(names) // of the same millisecond they come in any order
		if diff := cmp.Diff(names, []string{"Passkey", "Passkey 2"}); diff != "" {
			t.Errorf("(-got +want)\n%s", diff)
		}
	})
	t.Run("nobody becomes a member under a name that is free", func(t *testing.T) {
		b, d := k.browser(), newDevice(t, ourHome)
		w := httptest.NewRecorder()
		_, err := k.passkeys.BeginAdding(w, b.request(), chat.Newcomer{Name: "ANA"})
		wantKind(t, err, chat.NameTaken)
		_, err = k.passkeys.BeginAdding(w, b.request(), chat.Newcomer{})
		wantKind(t, err, chat.Invalid)
		answer := d.create(k.asks(b, "eva"))
		user, cookie, err := k.passkeys.Add(b.request(), b.me(), answer)
		if err != nil || user.Name != "eva" || user.Kind != chat.Account {
			t.Fatalf("got %+v, %v", user, err)
		}
		b.takes(httptest.NewRecorder(), cookie)
		if got := b.me().User.Name; got != "eva" {
			t.Errorf("the cookie is of %q", got)
		}
	})
	t.Run("an address that is no name has none", func(t *testing.T) {
		g := gate(t, auth.Config{Users: k.users})
		_, err := auth.NewPasskeys(g).BeginSignIn(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "http://192.0.2.1:8000/", nil))
		wantKind(t, err, chat.Invalid)
	})
	t.Run("the port that goes without saying is not said", func(t *testing.T) {
		g := gate(t, auth.Config{Users: k.users, BaseURL: address(t, ourHome+":443")})
		passkeys, b, d := auth.NewPasskeys(g), newBrowser(t, g, ourHome+"/"), newDevice(t, ourHome)
		w := httptest.NewRecorder()
		options, err := passkeys.BeginAdding(w, b.request(), chat.Newcomer{Name: "gil"})
		if err != nil {
			t.Fatal(err)
		}
		b.takes(w)
		if _, _, err := passkeys.Add(b.request(), auth.Identity{}, d.create(options)); err != nil {
			t.Error(err)
		}
	})
}

func TestPasskeyIsRefused(t *testing.T) {
	k := newKeyring(t)
	_, ana := k.member("ana")
	_, eve := k.member("eve")
	// From now on the server knows that this device counts.
	ana.count++
	first := k.browser()
	if _, err := k.signsIn(first, ana.sign(k.challenge(first))); err != nil {
		t.Fatal(err)
	}
	// Each of these spoils one thing about a signature that would be good.
	for name, spoil := range map[string]func(b *browser, d *device) []byte{
		"a page of another site": func(b *browser, d *device) []byte { d.origin = "https://evil.example"; return d.sign(k.challenge(b)) },
		"another scheme": func(b *browser, d *device) []byte {
			d.origin = "http://chat.example.org"
			return d.sign(k.challenge(b))
		},
		"another port":                   func(b *browser, d *device) []byte { d.origin = ourHome + ":8443"; return d.sign(k.challenge(b)) },
		"another site's key":             func(b *browser, d *device) []byte { d.party = "evil.example"; return d.sign(k.challenge(b)) },
		"a site above's key":             func(b *browser, d *device) []byte { d.party = "example.org"; return d.sign(k.challenge(b)) },
		"nobody present":                 func(b *browser, d *device) []byte { d.flags = 4; return d.sign(k.challenge(b)) },
		"another's key":                  func(b *browser, d *device) []byte { d.key = eve.key; return d.sign(k.challenge(b)) },
		"another's handle":               func(b *browser, d *device) []byte { d.handle = eve.handle; return d.sign(k.challenge(b)) },
		"no handle":                      func(b *browser, d *device) []byte { d.handle = nil; return d.sign(k.challenge(b)) },
		"a challenge of another browser": func(_ *browser, d *device) []byte { return d.sign(k.challenge(k.browser())) },
		"a challenge of the device's own": func(b *browser, d *device) []byte {
			k.challenge(b)
			return d.sign(map[string]any{"publicKey": map[string]any{"challenge": b64(make([]byte, 32)), "rpId": "chat.example.org"}})
		},
		"a challenge for adding": func(b *browser, d *device) []byte {
			a := read(t, k.asks(b, "somebody")).PublicKey
			return d.sign(map[string]any{"publicKey": map[string]any{"challenge": a.Challenge, "rpId": a.RP.ID}})
		},
		"too late": func(b *browser, d *device) []byte {
			answer := d.sign(k.challenge(b))
			k.clock.Add(auth.PasskeyTime)
			return answer
		},
		"the same counter":  func(b *browser, d *device) []byte { d.count--; return d.sign(k.challenge(b)) },
		"a counter of zero": func(b *browser, d *device) []byte { d.count = 0; return d.sign(k.challenge(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := k.browser()
			ana.count++
			d := *ana
			_, err := k.signsIn(b, spoil(b, &d))
			wantKind(t, err, chat.Unauthenticated)
			if got := b.me().User; got.ID != 0 {
				t.Errorf("the browser is signed in as %s", got.Name)
			}
			ana.count++
			if _, err := k.signsIn(b, ana.sign(k.challenge(b))); err != nil {
				t.Errorf("the device itself: %v", err)
			}
		})
	}
	t.Run("the same answer again", func(t *testing.T) {
		b := k.browser()
		ana.count++
		answer := ana.sign(k.challenge(b))
		if _, err := k.signsIn(b, answer); err != nil {
			t.Fatal(err)
		}
		_, err := k.signsIn(b, answer)
		wantKind(t, err, chat.Unauthenticated)
	})
	t.Run("a challenge that was answered wrongly once", func(t *testing.T) {
		b := k.browser()
		options := k.challenge(b)
		wrong := *ana
		wrong.origin = "https://evil.example"
		ana.count++
		_, err := k.signsIn(b, wrong.sign(options))
		wantKind(t, err, chat.Unauthenticated)
		_, err = k.signsIn(b, ana.sign(options))
		wantKind(t, err, chat.Unauthenticated)
	})
	t.Run("a key that is not known here", func(t *testing.T) {
		b, d := k.browser(), newDevice(t, ourHome)
		d.handle = ana.handle
		_, err := k.signsIn(b, d.sign(k.challenge(b)))
		wantKind(t, err, chat.NotFound)
	})
	t.Run("no answer at all", func(t *testing.T) {
		for _, answer := range []string{"", "{}", "null", "[]", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
			b := k.browser()
			k.challenge(b)
			if _, err := k.signsIn(b, []byte(answer)); chat.KindOf(err) != chat.BadFrame {
				t.Errorf("%q: got %v, want that it cannot be read", answer, err)
			}
		}
	})
	t.Run("an account that is no more", func(t *testing.T) {
		b, d := k.member("fay")
		user := b.me().User
		err := k.users.Store.Write(t.Context(), func(tx chat.Tx) error {
			user, err := tx.User(user.ID)
			user.Deactivated = true
			if err != nil {
				return err
			}
			return tx.UpdateUser(user)
		})
		if err != nil {
			t.Fatal(err)
		}
		d.count++
		other := k.browser()
		_, err = k.signsIn(other, d.sign(k.challenge(other)))
		wantKind(t, err, chat.Forbidden)
	})
}

func TestCounterlessPasskey(t *testing.T) {
	k := newKeyring(t)
	_, d := k.member("ana") // its counter stays 0, as that of keys which are kept on several devices
	for range 3 {
		b := k.browser()
		if _, err := k.signsIn(b, d.sign(k.challenge(b))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAddingIsRefused(t *testing.T) {
	k := newKeyring(t)
	for name, spoil := range map[string]func(b *browser, d *device) []byte{
		"a page of another site": func(b *browser, d *device) []byte { d.origin = "https://evil.example"; return d.create(k.asks(b, "")) },
		"another site's key":     func(b *browser, d *device) []byte { d.party = "evil.example"; return d.create(k.asks(b, "")) },
		"nobody present":         func(b *browser, d *device) []byte { d.flags = 4; return d.create(k.asks(b, "")) },
	} {
		t.Run(name, func(t *testing.T) {
			b := k.guest(name)
			answer := spoil(b, newDevice(t, ourHome))
			_, _, err := k.passkeys.Add(b.request(), b.me(), answer)
			wantKind(t, err, chat.Invalid)
			if got := b.me().User.Kind; got != chat.Guest {
				t.Errorf("got a %s, want the guest as before", got)
			}
		})
	}
	for name, spoil := range map[string]func(b *browser, d *device) []byte{
		"what another browser asked for": func(_ *browser, d *device) []byte { return d.create(k.asks(k.guest("x1"), "")) },
		"a challenge for signing in": func(b *browser, d *device) []byte {
			a := read(t, k.challenge(b)).PublicKey
			return d.create(map[string]any{"publicKey": map[string]any{"challenge": a.Challenge, "rp": map[string]string{"id": a.RPID}, "user": map[string]string{"id": "AAAA"}}})
		},
		"too late": func(b *browser, d *device) []byte {
			answer := d.create(k.asks(b, ""))
			k.clock.Add(auth.PasskeyTime)
			return answer
		},
		"what was asked for as somebody else": func(b *browser, d *device) []byte {
			answer := d.create(k.asks(b, ""))
			for name, cookie := range k.guest("x2").cookies {
				b.cookies[name] = cookie
			}
			return answer
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := k.guest("the " + name)
			answer := spoil(b, newDevice(t, ourHome))
			_, _, err := k.passkeys.Add(b.request(), b.me(), answer)
			wantKind(t, err, chat.Unauthenticated)
		})
	}
	t.Run("the same answer again", func(t *testing.T) {
		b, d := k.guest("twice"), newDevice(t, ourHome)
		answer := d.create(k.asks(b, ""))
		_, cookie, err := k.passkeys.Add(b.request(), b.me(), answer)
		if err != nil {
			t.Fatal(err)
		}
		b.takes(httptest.NewRecorder(), cookie)
		_, _, err = k.passkeys.Add(b.request(), b.me(), answer)
		wantKind(t, err, chat.Unauthenticated)
	})
	t.Run("a key that somebody has", func(t *testing.T) {
		_, d := k.member("owner")
		_, err := k.adds(k.guest("thief"), d)
		wantKind(t, err, chat.Conflict)
	})
	t.Run("where nobody may register", func(t *testing.T) {
		b := k.guest("late")
		set := func(r chat.Registration) {
			t.Helper()
			if err := k.users.Store.Write(t.Context(), func(tx chat.Tx) error { return tx.PutSettings(chat.Settings{Registration: r}) }); err != nil {
				t.Fatal(err)
			}
		}
		member, _ := k.member("early")
		for _, r := range []chat.Registration{chat.NoRegistration, chat.ByInvitation} {
			set(r)
			_, err := k.passkeys.BeginAdding(httptest.NewRecorder(), b.request(), chat.Newcomer{Actor: b.me().Actor()})
			wantKind(t, err, chat.Forbidden)
			k.asks(member, "") // who is a member already may have one more
		}
		set(chat.OpenRegistration)
		answer := newDevice(t, ourHome).create(k.asks(b, ""))
		set(chat.NoRegistration)
		_, _, err := k.passkeys.Add(b.request(), b.me(), answer)
		wantKind(t, err, chat.Forbidden)
		set(chat.OpenRegistration)
	})
	t.Run("an invitation is used by who adds one, and not by who only asks", func(t *testing.T) {
		settle := func(r chat.Registration) {
			t.Helper()
			if err := k.users.Store.Write(t.Context(), func(tx chat.Tx) error { return tx.PutSettings(chat.Settings{Registration: r}) }); err != nil {
				t.Fatal(err)
			}
		}
		settle(chat.ByInvitation)
		b, used := k.guest("invited"), 0
		w := httptest.NewRecorder()
		options, err := k.passkeys.BeginAdding(w, b.request(), chat.Newcomer{Actor: b.me().Actor(), Invited: func(tx chat.Tx, user chat.User) error {
			used++
			user.Bio = fmt.Sprint("used ", used)
			return tx.UpdateUser(user)
		}})
		if err != nil {
			t.Fatal(err)
		}
		b.takes(w)
		if got := b.me().User.Bio; got != "" {
			t.Errorf("got %q of asking", got)
		}
		answer := newDevice(t, ourHome).create(options)
		user, _, err := k.passkeys.Add(b.request(), b.me(), answer)
		if err != nil || used != 2 || user.Kind != chat.Account {
			t.Errorf("got %+v, %v after %d", user, err, used)
		}
		refusing := k.guest("refused")
		_, err = k.passkeys.BeginAdding(httptest.NewRecorder(), refusing.request(), chat.Newcomer{Actor: refusing.me().Actor(), Invited: func(chat.Tx, chat.User) error {
			return chat.Errorf(chat.Forbidden, "token", "No.")
		}})
		wantKind(t, err, chat.Forbidden)
		settle(chat.OpenRegistration)
	})
	t.Run("more than anybody needs", func(t *testing.T) {
		b, _ := k.member("keeper")
		for range chat.MaxPasskeys - 1 {
			if _, err := k.adds(b, newDevice(t, ourHome)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := k.adds(b, newDevice(t, ourHome))
		wantKind(t, err, chat.Conflict)
	})
}

func TestPasskeysAtOnce(t *testing.T) {
	k := newKeyring(t)
	_, d := k.member("ana")
	d.count = 5
	// One signature with a counter that has been used meanwhile is refused, whichever of the two comes first.
	a, b := k.browser(), k.browser()
	first, second := d.sign(k.challenge(a)), d.sign(k.challenge(b))
	errs := make(chan error, 2)
	go func() { _, _, err := k.passkeys.SignIn(a.request(), first); errs <- err }()
	go func() { _, _, err := k.passkeys.SignIn(b.request(), second); errs <- err }()
	good := 0
	for range 2 {
		if err := <-errs; err == nil {
			good++
		} else {
			wantKind(t, err, chat.Unauthenticated)
		}
	}
	if good != 1 {
		t.Errorf("%d of two signatures with one counter were accepted, want 1", good)
	}
}

func TestOwnPasskeys(t *testing.T) {
	k := newKeyring(t)
	ana, first := k.member("ana")
	eve, _ := k.member("eve")
	me := ana.me().Actor()
	only := func(t *testing.T) chat.Passkey {
		t.Helper()
		has, err := k.users.Passkeys(t.Context(), me)
		if err != nil || len(has) != 1 {
			t.Fatalf("got %v, %v; want one", has, err)
		}
		return has[0]
	}
	t.Run("the only way to sign in stays", func(t *testing.T) {
		wantKind(t, k.users.RemovePasskey(t.Context(), me, ana.me().Session, b64(first.id)), chat.Conflict)
		only(t)
	})
	t.Run("are renamed", func(t *testing.T) {
		if err := k.users.RenamePasskey(t.Context(), me, b64(first.id), "  My phone "); err != nil {
			t.Fatal(err)
		}
		if got := only(t).Name; got != "My phone" {
			t.Errorf("got %q", got)
		}
		for _, name := range []string{"", " ", "a\nb", fmt.Sprintf("%061d", 0)} {
			if err := k.users.RenamePasskey(t.Context(), me, b64(first.id), name); err == nil || chat.AsError(err).Field != "name" {
				t.Errorf("%q: got %v, want an error of the name", name, err)
			}
		}
	})
	t.Run("are nobody else's business", func(t *testing.T) {
		for name, who := range map[string]chat.Actor{"another": eve.me().Actor(), "a guest": k.guest("gus").me().Actor()} {
			for what, err := range map[string]error{
				"rename": k.users.RenamePasskey(t.Context(), who, b64(first.id), "mine"),
				"remove": k.users.RemovePasskey(t.Context(), who, "", b64(first.id)),
			} {
				if chat.KindOf(err) != chat.NotFound {
					t.Errorf("%s by %s: got %v, want that there is none", what, name, err)
				}
			}
		}
		wantKind(t, k.users.RemovePasskey(t.Context(), chat.Actor{}, "", b64(first.id)), chat.Unauthenticated)
		only(t)
	})
	t.Run("know when they were used", func(t *testing.T) {
		if got := only(t).SeenAt; got != 0 {
			t.Errorf("got %d before", got)
		}
		k.clock.Add(time.Hour)
		b := k.browser()
		first.count++
		if _, err := k.signsIn(b, first.sign(k.challenge(b))); err != nil {
			t.Fatal(err)
		}
		if got, want := only(t).SeenAt, k.clock.Now().UnixMilli(); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	})
	t.Run("one that is removed signs nobody in", func(t *testing.T) {
		// The hour since ana signed in is too long ago to change what signs in.
		_, err := k.passkeys.BeginAdding(httptest.NewRecorder(), ana.request(), chat.Newcomer{Actor: me, Linking: ana.me().Session})
		wantKind(t, err, chat.Forbidden)
		wantKind(t, k.users.RemovePasskey(t.Context(), me, ana.me().Session, b64(first.id)), chat.Forbidden)
		first.count++
		if _, err := k.signsIn(ana, first.sign(k.challenge(ana))); err != nil {
			t.Fatal(err)
		}
		second := newDevice(t, ourHome)
		if _, err := k.adds(ana, second); err != nil {
			t.Fatal(err)
		}
		if err := k.users.RemovePasskey(t.Context(), me, ana.me().Session, b64(first.id)); err != nil {
			t.Fatal(err)
		}
		b := k.browser()
		first.count++
		_, err = k.signsIn(b, first.sign(k.challenge(b)))
		wantKind(t, err, chat.NotFound)
		if _, err := k.signsIn(b, second.sign(k.challenge(b))); err != nil {
			t.Error(err)
		}
	})
}
