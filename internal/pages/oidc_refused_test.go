package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/issuer"
)

// with is a path with one value of its query changed; "" removes it.
func with(t *testing.T, path, name, value string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func query(t *testing.T, path, name string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

func TestTokensAreRefused(t *testing.T) {
	c := startClub(t)
	ana := person("s-ana", "ana")
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = value }
	}
	now := c.clock.Now()
	for name, manner := range map[string]issuer.Manner{
		"another nonce":               {Spoil: set("nonce", strings.Repeat("x", 43))},
		"no nonce":                    {Spoil: func(claims map[string]any) { delete(claims, "nonce") }},
		"another audience":            {Spoil: set("aud", "another client")},
		"no audience":                 {Spoil: func(claims map[string]any) { delete(claims, "aud") }},
		"several audiences":           {Spoil: set("aud", []string{"parley", "another client"})},
		"another party":               {Spoil: set("azp", "another client")},
		"a token that has expired":    {Spoil: set("exp", now.Add(-time.Second).Unix())},
		"no end":                      {Spoil: func(claims map[string]any) { delete(claims, "exp") }},
		"a token of tomorrow":         {Spoil: set("nbf", now.Add(time.Hour).Unix())},
		"another issuer":              {Spoil: set("iss", c.other.URL())},
		"an issuer with a slash more": {Spoil: set("iss", c.example.URL()+"/")},
		"no subject":                  {Spoil: set("sub", "")},
		"a subject without an end":    {Spoil: set("sub", strings.Repeat("x", 256))},
		"a subject that is no text":   {Spoil: set("sub", 7)},
		"another access token":        {Spoil: set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},
		"a key that is not published": {Stranger: true},
		"no signature":                {Method: "none"},
		"the client's own secret":     {Method: "HS256"},
		"an answer of another issuer": {Issuer: "https://evil.example"},
		"an answer of nobody's":       {Issuer: "-"},
		"an error":                    {Refuse: "server_error"},
	} {
		t.Run(name, func(t *testing.T) {
			manner.Person = ana
			c.example.Behave(manner)
			b := c.browser()
			expect(t, b.get(b.sent(toExample)), http.StatusUnauthorized, "What Example answered was not accepted.", "Sign in")
			if got := b.me(); got.ID != 0 {
				t.Errorf("signed in as %+v", got)
			}
		})
	}
	t.Run("what is right is accepted", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: ana, Spoil: func(claims map[string]any) {
			claims["aud"], claims["azp"] = []string{"another client", "parley"}, "parley"
		}})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample)), "/")
	})
	t.Run("who says no is told so", func(t *testing.T) {
		c.example.Behave(issuer.Manner{Person: ana, Refuse: "access_denied"})
		b := c.browser()
		res := b.get(b.sent(toExample + "?next=/lobby/ana/"))
		expect(t, res, http.StatusUnauthorized, "You did not sign in at Example.")
		holds(t, res, "next", "/lobby/ana/")
	})
}

func TestCallbacksAreRefused(t *testing.T) {
	c := startClub(t)
	c.example.Behave(issuer.Manner{Person: person("s-ana", "ana")})
	c.other.Behave(issuer.Manner{Person: person("s-ana", "ana")})
	const late = "That took too long, or was begun elsewhere."
	for name, call := range map[string]func(t *testing.T, b *browser) response{
		"another state": func(t *testing.T, b *browser) response {
			return b.get(with(t, b.sent(toExample), "state", strings.Repeat("x", 43)))
		},
		"no state": func(t *testing.T, b *browser) response { return b.get(with(t, b.sent(toExample), "state", "")) },
		"another browser": func(_ *testing.T, b *browser) response {
			b.sent(toExample)
			return b.get(c.browser().sent(toExample))
		},
		"a browser that has begun nothing": func(_ *testing.T, b *browser) response { return b.get(c.browser().sent(toExample)) },
		"another provider's address": func(_ *testing.T, b *browser) response {
			return b.get(strings.Replace(b.sent(toExample), "Example", "Other", 1))
		},
		"too late": func(_ *testing.T, b *browser) response {
			callback := b.sent(toExample)
			c.clock.Add(auth.ProviderTime)
			return b.get(callback)
		},
		"the second time": func(t *testing.T, b *browser) response {
			callback := b.sent(toExample)
			redirects(t, b.get(callback), "/")
			b.post("/-/sign-out")
			return b.get(callback)
		},
		"after a failure": func(t *testing.T, b *browser) response {
			callback := b.sent(toExample)
			expect(t, b.get(with(t, callback, "code", "")), http.StatusUnauthorized)
			return b.get(callback)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.browser()
			expect(t, call(t, b), http.StatusUnauthorized, late, "Sign in")
			if got := b.me(); got.ID != 0 {
				t.Errorf("signed in as %+v", got)
			}
		})
	}
	// Somebody has got hold of another's code, and plants it into a sign-in of their own, or of their victim.
	for name, naive := range map[string]bool{"a code of another browser": false, "and where the provider does not look at PKCE": true} {
		t.Run(name, func(t *testing.T) {
			c.example.Behave(issuer.Manner{Person: person("s-ana", "ana"), Naive: naive})
			victim, thief := c.browser(), c.browser()
			code := query(t, victim.sent(toExample), "code")
			expect(t, thief.get(with(t, thief.sent(toExample), "code", code)), http.StatusUnauthorized, "was not accepted")
			if got := thief.me(); got.ID != 0 {
				t.Errorf("signed in as %+v", got)
			}
		})
	}
	t.Run("a code that was used", func(t *testing.T) {
		b := c.browser()
		callback := b.sent(toExample)
		redirects(t, b.get(callback), "/")
		again := c.browser()
		expect(t, again.get(with(t, again.sent(toExample), "code", query(t, callback, "code"))), http.StatusUnauthorized, "was not accepted")
	})
	t.Run("two tabs of one browser do not", func(t *testing.T) {
		b := c.browser()
		first, second := b.sent(toExample+"?next=/1/"), b.sent(toExample+"?next=/2/")
		redirects(t, b.get(second), "/2/")
		redirects(t, b.get(first), "/1/")
	})
}

func TestToProvider(t *testing.T) {
	c := startClub(t)
	c.example.Behave(issuer.Manner{Person: person("s-ana", "ana")})
	t.Run("is asked for by our own pages alone", func(t *testing.T) {
		for name, header := range map[string][]string{
			"another site":                   {"Sec-Fetch-Site", "cross-site"},
			"a sibling":                      {"Sec-Fetch-Site", "same-site"},
			"a link in a letter":             {"Sec-Fetch-Site", "none"},
			"an old browser":                 nil,
			"an old browser elsewhere":       {"Referer", "https://evil.example/"},
			"an old browser nearby":          {"Referer", c.url + ".evil.example/"},
			"what says one and the other":    {"Sec-Fetch-Site", "cross-site", "Referer", c.url + "/-/sign-in"},
			"an old browser at another port": {"Referer", "http://127.0.0.1:1/"},
		} {
			b := c.browser()
			b.join("guest of "+strings.Map(func(r rune) rune {
				if r == '/' {
					return -1
				}
				return r
			}, name), "lobby")
			redirects(t, b.get(toExample+"?next=/lobby/", header...), "/-/sign-in?next=%2Flobby%2F")
		}
		if got := c.example.Asked(); len(got) != 0 {
			t.Errorf("the provider was asked for %v", got)
		}
		res := c.browser().get(toExample, "Referer", c.url+"/-/sign-in")
		if !strings.HasPrefix(res.to(), c.example.URL()+"/authorize?") {
			t.Errorf("an old browser on our page: got %d to %q", res.StatusCode, res.to())
		}
	})
	t.Run("leads on within this server alone", func(t *testing.T) {
		for next, want := range map[string]string{
			"/lobby/ana/?at=3": "/lobby/ana/?at=3", "": "/", "https://evil.example/": "/", "//evil.example/": "/", "/\\evil.example/": "/",
			"/\t/evil.example/": "/", "/a\r\nSet-Cookie: x=1": "/", "javascript:alert(1)": "/",
		} {
			b := c.browser()
			redirects(t, b.get(b.sent(toExample+"?"+url.Values{"next": {next}}.Encode())), want)
		}
	})
	t.Run("says no secret of ours", func(t *testing.T) {
		to := c.browser().get(toExample, "Sec-Fetch-Site", "same-origin").to()
		for _, name := range []string{"client_secret", "code_verifier"} {
			if query(t, to, name) != "" {
				t.Errorf("got %s in %s", name, to)
			}
		}
		if got, want := query(t, to, "redirect_uri"), c.url+toExample+"/callback"; got != want {
			t.Errorf("got to come back to %q, want %q", got, want)
		}
	})
	t.Run("what each sends is new", func(t *testing.T) {
		b := c.browser()
		seen := map[string]bool{}
		for range 3 {
			to := b.get(toExample, "Sec-Fetch-Site", "same-origin").to()
			for _, name := range []string{"state", "nonce", "code_challenge"} {
				if value := query(t, to, name); seen[value] || len(value) < 43 {
					t.Errorf("got %s %q again, or too short", name, value)
				} else {
					seen[value] = true
				}
			}
		}
	})
}

func TestCeremonyCookie(t *testing.T) {
	for base, want := range map[string]string{
		"https://chat.example.org": "__Host-parley_ceremony=; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax",
		"http://chat.example.org":  "parley_ceremony=; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax",
	} {
		address, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		s := start(t, options{base: address})
		res := s.browser().do(http.MethodPost, "/-/passkey/sign-in", "application/json", "{}")
		name, rest, _ := strings.Cut(res.Header.Get("Set-Cookie"), "=")
		value, rest, _ := strings.Cut(rest, ";")
		if got := name + "=;" + rest; res.StatusCode != http.StatusOK || got != want || len(value) != 43 {
			t.Errorf("%s: got %d with %q, want %q", base, res.StatusCode, res.Header.Get("Set-Cookie"), want)
		}
	}
}

func TestProviderAway(t *testing.T) {
	const away = "Example does not answer just now."
	t.Run("is asked again, and not by everybody at once", func(t *testing.T) {
		c := startClub(t)
		c.example.Behave(issuer.Manner{Away: http.StatusBadGateway})
		b := c.browser()
		for range 3 {
			expect(t, b.get(toExample, "Sec-Fetch-Site", "same-origin"), http.StatusServiceUnavailable, away, "Sign in")
		}
		if got := c.example.Asked(); len(got) != 1 {
			t.Errorf("it was asked for %v", got)
		}
		c.example.Behave(issuer.Manner{Person: person("s-ana", "ana")})
		c.clock.Add(5 * time.Second)
		callback := b.sent(toExample)
		c.example.Behave(issuer.Manner{Away: http.StatusBadGateway})
		expect(t, b.get(callback), http.StatusServiceUnavailable, away)
	})
	// What a provider says of itself is not all believed.
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an address inside was asked") }))
	t.Cleanup(inside.Close)
	set := func(name string, value any) func(map[string]any) {
		return func(document map[string]any) { document[name] = value }
	}
	for name, discovery := range map[string]func(map[string]any){
		"another issuer":                    set("issuer", "https://evil.example"),
		"a sign-in page that is a program":  set("authorization_endpoint", "javascript:alert(1)"),
		"a sign-in page in the clear":       set("authorization_endpoint", "http://evil.example/authorize"),
		"no sign-in page":                   set("authorization_endpoint", ""),
		"a document that has no end at all": set("x", strings.Repeat("x", 2<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			c := startClub(t)
			c.example.Behave(issuer.Manner{Discovery: discovery})
			expect(t, c.browser().get(toExample, "Sec-Fetch-Site", "same-origin"), http.StatusServiceUnavailable, away)
		})
	}
	for name, discovery := range map[string]func(map[string]any){
		"a token endpoint inside":         set("token_endpoint", inside.URL+"/token"),
		"a token endpoint of the cloud's": set("token_endpoint", "https://169.254.169.254/token"),
		"keys inside":                     set("jwks_uri", inside.URL+"/keys"),
	} {
		t.Run(name, func(t *testing.T) {
			c := startClub(t)
			c.example.Behave(issuer.Manner{Person: person("s-ana", "ana"), Discovery: discovery})
			b := c.browser()
			if res := b.get(b.sent(toExample)); res.StatusCode < 400 || b.me().ID != 0 {
				t.Errorf("got %d to %q as %s", res.StatusCode, res.to(), b.me().ID)
			}
		})
	}
	t.Run("a client says who it is as the provider wants it", func(t *testing.T) {
		c := startClub(t)
		c.example.Behave(issuer.Manner{Person: person("s-ana", "ana"), Discovery: set("token_endpoint_auth_methods_supported", []string{"client_secret_post"})})
		b := c.browser()
		redirects(t, b.get(b.sent(toExample)), "/")
	})
}
