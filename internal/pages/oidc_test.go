package pages_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/issuer"
	"parley/internal/outbound"
)

// openProviders makes the providers that the options name.
func (s *site) openProviders(gate *auth.Gate) *auth.Providers {
	s.t.Helper()
	var known outbound.Config
	for _, c := range s.options.providers {
		known.Known = append(known.Known, c.Issuer)
	}
	client, err := outbound.New(known)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	providers, err := auth.NewProviders(gate, client, s.options.providers)
	if err != nil {
		s.t.Fatal(err)
	}
	return providers
}

// A club is a site with two providers, "Example" and "Other".
type club struct {
	*site
	example, other *issuer.Provider
}

func startClub(t *testing.T) *club {
	t.Helper()
	c := &club{}
	now := func() time.Time { return c.clock.Now() }
	var o options
	for name, p := range map[string]**issuer.Provider{"Example": &c.example, "Other": &c.other} {
		started, err := issuer.Start(now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(started.Close)
		*p = started
		address, err := url.Parse(started.URL())
		if err != nil {
			t.Fatal(err)
		}
		o.providers = append(o.providers, auth.ProviderConfig{Name: name, Issuer: address, ClientID: started.ClientID, ClientSecret: started.ClientSecret})
	}
	c.site = start(t, o)
	return c
}

// person is somebody at a provider who has verified an address.
func person(subject, name string) issuer.Person {
	return issuer.Person{Subject: subject, Claims: map[string]any{
		"preferred_username": name, "email": subject + "@example.org", "email_verified": true,
	}}
}

// sent goes from one of our pages to a provider, and gives the path with which the provider sends back.
func (b *browser) sent(path string) (callback string) {
	b.site.t.Helper()
	return b.at(b.get(path, "Sec-Fetch-Site", "same-origin").to())
}

// at is at a provider, which sends back.
func (b *browser) at(address string) (callback string) {
	b.site.t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Get(address)
	if err != nil {
		b.site.t.Fatalf("%q: %v", address, err)
	}
	res.Body.Close()
	path, ok := strings.CutPrefix(res.Header.Get("Location"), b.site.url)
	if res.StatusCode != http.StatusFound || !ok {
		b.site.t.Fatalf("%s: got %d to %q, want back to us", address, res.StatusCode, res.Header.Get("Location"))
	}
	return path
}

// me is who the browser is signed in as, the zero User for nobody.
func (b *browser) me() chat.User {
	b.site.t.Helper()
	r := httptest.NewRequest(http.MethodGet, b.site.url, nil)
	for _, c := range b.client.Jar.Cookies(b.site.parsedURL()) {
		r.AddCookie(c)
	}
	gate, err := auth.New(auth.Config{Users: b.site.users, Clock: b.site.clock.Now})
	if err != nil {
		b.site.t.Fatal(err)
	}
	id, err := gate.Who(r)
	if err != nil {
		b.site.t.Fatal(err)
	}
	return id.User
}

// emails are the addresses that count for a user.
func (s *site) emails(id chat.UserID) []string {
	s.t.Helper()
	var counting []string
	err := s.store.Read(context.Background(), func(snapshot chat.Snapshot) error {
		emails, err := snapshot.Emails(id)
		for _, e := range emails {
			if e.VerifiedAt != 0 {
				counting = append(counting, e.Address)
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return counting
}

func (s *site) settings(settings chat.Settings) {
	s.t.Helper()
	if err := s.store.Write(context.Background(), func(tx chat.Tx) error { return tx.PutSettings(settings) }); err != nil {
		s.t.Fatal(err)
	}
}

const toExample = "/-/oidc/Example"

func TestProviders(t *testing.T) {
	c := startClub(t)

	t.Run("stand on the pages", func(t *testing.T) {
		b := c.browser()
		expect(t, b.get("/-/sign-in?next=/x/"), http.StatusOK, "Go on with Example", "Go on with Other")
		expect(t, b.get("/-/register"), http.StatusOK, "Go on with Example")
	})
	t.Run("a guest becomes a member in place", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-ana", "another name")})
		b := c.browser()
		page := b.join("ana", "lobby")
		was, cookies := b.me(), b.client.Jar.Cookies(c.parsedURL())
		redirects(t, b.get(b.sent(toExample+"?next="+url.QueryEscape(page))), page)
		got := b.me()
		if got.ID != was.ID || got.Kind != chat.Account || got.Name != "ana" {
			t.Errorf("got %+v, want %s as a member called ana", got, was.ID)
		}
		if emails := c.emails(got.ID); len(emails) != 1 || emails[0] != "s-ana@example.org" {
			t.Errorf("got the addresses %v", emails)
		}
		expect(t, b.get(page), http.StatusOK, "lobby")
		old := c.browser()
		old.client.Jar.SetCookies(c.parsedURL(), cookies)
		if old.me().ID != 0 {
			t.Error("the guest's cookie still signs in")
		}
	})
	t.Run("who is known is signed in, by a token of either signature", func(t *testing.T) {
		for _, method := range []string{"RS256", "ES256"} {
			c.example.Behave(issuer.Manner{Person: person("s-ana", "whatever"), Method: method})
			b := c.browser()
			b.join("gus "+method, "lobby")
			redirects(t, b.get(b.sent(toExample)), "/-/welcome")
			expect(t, b.get("/-/welcome"), http.StatusOK, "Sign in as ana?", "it is free for anybody to take", "Stay gus "+method)
			expect(t, b.post("/-/welcome", "username", "x"), http.StatusOK, "Sign in as ana?")
			if got := b.me().Name; got != "gus "+method {
				t.Errorf("%s: got %q before the answer", method, got)
			}
			redirects(t, b.post("/-/welcome", "confirm", "yes"), "/")
			if got := b.me().Name; got != "ana" {
				t.Errorf("%s: got %q", method, got)
			}
			c.browser().join("gus "+method, "lobby") // the guest's name is free
		}
	})
	t.Run("nobody becomes a member under the name that the provider knows", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-ben", "ben")})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample+"?next=/-/me")), "/-/me")
		if got := b.me(); got.Name != "ben" || got.Kind != chat.Account {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a name that is taken is asked for", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-ana2", "ANA")})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample)), "/-/welcome")
		res := b.get("/-/welcome")
		expect(t, res, http.StatusConflict, "Choose a name", "Be called ANA2")
		holds(t, res, "username", "ANA")
		expect(t, b.post("/-/welcome", "username", "ben"), http.StatusConflict, "Somebody else is called")
		expect(t, b.post("/-/welcome", "username", "a/b"), http.StatusUnprocessableEntity, "cannot have a /")
		if got := b.me(); got.ID != 0 {
			t.Errorf("got %+v before there is a name", got)
		}
		redirects(t, b.post("/-/welcome", "take", "ANA2", "username", "ana"), "/")
		if got := b.me(); got.Name != "ANA2" || got.Kind != chat.Account {
			t.Errorf("got %+v", got)
		}
		expect(t, b.post("/-/welcome", "username", "third"), http.StatusUnauthorized, "Please sign in again.")
		expect(t, c.browser().get("/-/welcome"), http.StatusUnauthorized, "Please sign in again.")
	})
	t.Run("so is one that is no name here", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: issuer.Person{Subject: "s-none"}})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample)), "/-/welcome")
		expect(t, b.get("/-/welcome"), http.StatusOK, "Choose a name")
	})
	t.Run("the same subject of another issuer is somebody else", func(t *testing.T) {
		c.other.Behave(issuer.Manner{Person: person("s-ana", "anders")})
		b := c.browser()
		redirects(t, b.get(b.sent("/-/oidc/Other")), "/")
		if got := b.me().Name; got != "anders" {
			t.Errorf("signed in as %q, want a member of its own", got)
		}
	})
	t.Run("the same address is no reason to be the same person", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: issuer.Person{Subject: "s-mallory", Claims: map[string]any{
			"preferred_username": "mallory", "email": "s-ana@example.org", "email_verified": true,
		}}})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample)), "/")
		if got := b.me(); got.Name != "mallory" || len(c.emails(got.ID)) != 0 {
			t.Errorf("got %+v with %v, want a member of its own without the address", got, c.emails(got.ID))
		}
	})
	t.Run("an address counts only if the provider says so", func(t *testing.T) {
		for name, verified := range map[string]any{"false": false, "nothing": nil, "a word": "true", "a number": 1} {
			c.example.Behave(issuer.Manner{Person: issuer.Person{Subject: "s " + name, Claims: map[string]any{
				"preferred_username": name, "email": "x@example.org", "email_verified": verified,
			}}})
			b := c.browser()
			redirects(t, b.get(b.sent(toExample)), "/")
			if got := b.me(); got.Name != name || len(c.emails(got.ID)) != 0 {
				t.Errorf("%s: got %q with %v, want no address", name, got.Name, c.emails(got.ID))
			}
		}
	})
	t.Run("where nobody may register, who is known signs in all the same", func(t *testing.T) {
		for _, r := range []chat.Registration{chat.NoRegistration, chat.ByInvitation} {
			c.settings(chat.Settings{Registration: r})
			c.example.Behave(issuer.Manner{Person: person("s-new", "new")})
			b := c.browser()
			expect(t, b.get(b.sent(toExample)), http.StatusForbidden)
			if got := b.me(); got.ID != 0 {
				t.Errorf("%s: got %+v", r, got)
			}
			b.join("guest "+string(r), "lobby")
			expect(t, b.get(b.sent(toExample)), http.StatusForbidden)
			if got := b.me(); got.Kind != chat.Guest {
				t.Errorf("%s: got a %s, want the guest as before", r, got.Kind)
			}
			c.example.Behave(issuer.Manner{Person: person("s-ben", "ben")})
			b = c.browser()
			redirects(t, b.get(b.sent(toExample)), "/")
		}
		c.settings(chat.Settings{})
	})
	t.Run("who is signed in is not made somebody else", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-ben", "ben")})
		b := c.browser()
		b.get(b.sent(toExample))
		c.example.Behave(issuer.Manner{Person: person("s-unknown", "unknown")})
		expect(t, b.get(b.sent(toExample)), http.StatusConflict, "You are signed in as ben")
		if got := b.me().Name; got != "ben" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("one that there is not", func(t *testing.T) {
		expect(t, c.browser().get("/-/oidc/Nobody", "Sec-Fetch-Site", "same-origin"), http.StatusNotFound, "There is no sign-in by")
		expect(t, c.browser().get("/-/oidc/Nobody/callback?state=x&code=y"), http.StatusUnauthorized)
	})
}

// added asks to add a provider on one's own page, and gives the path with which the provider sends back.
func (b *browser) added(provider, current string) (callback string) {
	b.site.t.Helper()
	res := b.post("/-/identity/add", "provider", provider, "current", current)
	expect(b.site.t, res, http.StatusOK, "On to "+provider)
	to, ok := strings.CutPrefix(res.Header.Get("Refresh"), "0; url=")
	if !ok || !strings.Contains(res.body, `class="button" href="http`) {
		b.site.t.Fatalf("got Refresh %q and no link", res.Header.Get("Refresh"))
	}
	return b.at(to)
}

func TestLinkedProviders(t *testing.T) {
	c := startClub(t)
	olga := c.account("olga")
	b := c.browser()
	redirects(t, b.post("/-/sign-in", "username", "olga", "password", goodPassword), "/")
	c.example.Behave(issuer.Manner{Person: person("s-olga", "somebody")})

	t.Run("need the password", func(t *testing.T) {
		expect(t, b.get("/-/me"), http.StatusOK, "Add Example", "Add Other")
		before := len(c.example.Asked())
		expect(t, b.post("/-/identity/add", "provider", "Example", "current", "wrong password"), http.StatusUnprocessableEntity, "That is not your password.")
		expect(t, b.post("/-/identity/add", "provider", "Example"), http.StatusUnprocessableEntity, "Please give your password.")
		if got := len(c.example.Asked()); got != before {
			t.Error("the provider was asked before that")
		}
	})
	t.Run("are added, and sign in", func(t *testing.T) {
		redirects(t, b.get(b.added("Example", goodPassword)), "/-/me?done=identity")
		expect(t, b.get("/-/me"), http.StatusOK, "Example", c.example.URL(), "Add Other")
		if got := c.emails(olga.ID); len(got) != 0 {
			t.Errorf("got the addresses %v", got)
		}
		other := c.browser()
		redirects(t, other.get(other.sent(toExample)), "/")
		if got := other.me().ID; got != olga.ID {
			t.Errorf("signed in as %s, want %s", got, olga.ID)
		}
		// Once more is no harm.
		redirects(t, b.get(b.added("Example", goodPassword)), "/-/me?done=identity")
	})
	t.Run("are of one person", func(t *testing.T) {
		c.account("paul")
		paul := c.browser()
		paul.post("/-/sign-in", "username", "paul", "password", goodPassword)
		expect(t, paul.get(paul.added("Example", goodPassword)), http.StatusConflict, "belongs to somebody else")
	})
	t.Run("are added to whom they were begun for", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-fresh", "fresh")})
		x := c.browser()
		x.post("/-/sign-in", "username", "paul", "password", goodPassword)
		callback := x.added("Example", goodPassword)
		x.post("/-/sign-out")
		x.post("/-/sign-in", "username", "olga", "password", goodPassword)
		expect(t, x.get(callback), http.StatusConflict, "somebody else here now")
		c.example.Behave(issuer.Manner{Person: person("s-olga", "somebody")})
	})
	t.Run("are removed by their own person", func(t *testing.T) {
		gus := c.browser()
		gus.join("gus", "lobby")
		paul := c.browser() // who has a way to sign in left
		paul.post("/-/sign-in", "username", "paul", "password", goodPassword)
		for _, x := range []*browser{c.browser(), gus, paul} {
			x.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-olga")
		}
		expect(t, b.get("/-/me"), http.StatusOK, c.example.URL())
		expect(t, b.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-olga"), http.StatusUnprocessableEntity, "Please give your password.")
		redirects(t, b.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-olga", "current", goodPassword), "/-/me?done=identity-removed")
		if strings.Contains(b.get("/-/me").body, c.example.URL()) {
			t.Error("it is still on the page")
		}
	})
	t.Run("the only way to sign in stays", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: person("s-dora", "dora")})
		x := c.browser()
		x.get(x.sent(toExample))
		expect(t, x.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-dora"), http.StatusConflict, "That is the only way you can sign in.")
		// Who has no password is not asked for one.
		c.other.Behave(issuer.Manner{Person: person("s-dora", "dora")})
		redirects(t, x.get(x.added("Other", "")), "/-/me?done=identity")
		redirects(t, x.post("/-/identity/remove", "issuer", c.example.URL(), "subject", "s-dora"), "/-/me?done=identity-removed")
	})
	t.Run("guests have none to add", func(t *testing.T) {
		x := c.browser()
		expect(t, x.post("/-/identity/add", "provider", "Example"), http.StatusUnauthorized)
		x.join("hal", "lobby")
		callback := x.added("Example", "")
		expect(t, x.get(callback), http.StatusConflict)
		if got := x.me().Kind; got != chat.Guest {
			t.Errorf("got a %s", got)
		}
	})
}
