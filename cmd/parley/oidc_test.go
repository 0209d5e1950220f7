package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/issuer"
)

// secretFile is a file that holds a client secret.
func secretFile(t *testing.T, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSignInByProvider(t *testing.T) {
	provider, err := issuer.Start(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(provider.Close)
	provider.Behave(issuer.Manner{Person: issuer.Person{Subject: "s-ana"}})
	h := start(t, "--oidc", "Example="+provider.URL(), "--oidc-client", "Example="+provider.ClientID,
		"--oidc-secret-file", "Example="+secretFile(t, provider.ClientSecret+"\n"))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	if _, err := browser.PostForm(h.url+"/", url.Values{"username": {"ana"}, "room": {"lobby"}}); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, h.url+"/-/oidc/Example?next=/-/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	// There, and back, by redirects alone.
	res, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.Request.URL.Path != "/-/me" || !strings.Contains(string(page), provider.URL()) {
		t.Fatalf("got to %s, %v, want my page with the provider:\n%s", res.Request.URL, err, page)
	}
	if res, err = browser.Get(h.url + "/api/v1/me"); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var me struct {
		Me struct{ User struct{ Name, Kind string } }
	}
	if err := json.NewDecoder(res.Body).Decode(&me); err != nil || me.Me.User.Name != "ana" || me.Me.User.Kind != "member" {
		t.Errorf("got %+v, %v, want ana as a member", me, err)
	}
}

func TestProviderSettings(t *testing.T) {
	good := secretFile(t, "x")
	for name, test := range map[string]struct {
		args []string
		want string // in the error; "" for none
	}{
		"none":               {nil, ""},
		"a public client":    {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id"}, ""},
		"several":            {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc", "B=http://localhost:1", "--oidc-client", "B=id", "--oidc-secret-file", "B=" + good}, ""},
		"no issuer":          {[]string{"--oidc", "A", "--oidc-client", "A=id"}, "NAME=ISSUER"},
		"no client":          {[]string{"--oidc", "A=https://a.example"}, "it needs --oidc-client A=ID"},
		"another's client":   {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc-client", "B=id"}, "there is no --oidc of that name"},
		"another's secret":   {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc-secret-file", "B=" + good}, "there is no --oidc of that name"},
		"no file":            {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc-secret-file", "A=/nowhere/at/all"}, "no such file"},
		"an empty file":      {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc-secret-file", "A=" + secretFile(t, "\nx")}, "its first line is empty"},
		"the same name":      {[]string{"--oidc", "A=https://a.example", "--oidc-client", "A=id", "--oidc", "A=https://b.example"}, "it needs --oidc-client A=ID"},
		"a name with spaces": {[]string{"--oidc", "A B=https://a.example", "--oidc-client", "A B=id"}, "no name for a provider"},
		"in the clear":       {[]string{"--oidc", "A=http://a.example", "--oidc-client", "A=id"}, "has to be https"},
		"a query":            {[]string{"--oidc", "A=https://a.example?x=1", "--oidc-client", "A=id"}, "without query and fragment"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.want == "" {
				h := start(t, test.args...)
				h.stop()
				return
			}
			var out, errs strings.Builder
			args := append([]string{"--listen", "127.0.0.1:0", "--data", t.TempDir()}, test.args...)
			if code := run(context.Background(), args, strings.NewReader(""), &out, &errs); code == 0 || !strings.Contains(errs.String(), test.want) {
				t.Errorf("got %d and %q, want an error with %q", code, errs.String(), test.want)
			}
		})
	}
}
