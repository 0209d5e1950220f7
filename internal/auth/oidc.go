package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/internal/chat"
	"parley/internal/outbound"
)

const (
	// ProviderTime is how long a person has to sign in at a provider.
	ProviderTime = 10 * time.Minute
	// askTime is how long a provider may take to answer all that it is asked for one sign-in.
	askTime = 20 * time.Second
	// discoveryLife is how long what a provider says about itself is believed; discoveryPause how long after a failure it is
	// asked again.
	discoveryLife, discoveryPause = time.Hour, 5 * time.Second
	// maxSubject is how many bytes a provider's word for somebody has at most (OpenID Connect Core 1.0, section 2).
	maxSubject = 255
)

// A ProviderConfig is another server that signs people in, as the settings say.
type ProviderConfig struct {
	Name         string // as it is shown and as it stands in addresses: letters, digits, dots, hyphens
	Issuer       *url.URL
	ClientID     string // what this server is called there
	ClientSecret string // "" for a client that has none
}

// Providers sign people in by OpenID Connect: the authorization code flow (Core 1.0, section 3.1) with PKCE (RFC 7636, S256), state
// and nonce, each of one browser and for one use. Its methods may be called from any goroutine.
type Providers struct {
	gate   *Gate
	client *outbound.Client
	all    []*provider
	begun  *ceremonies[providerCeremony]
	named  *ceremonies[Arrival]
}

// A providerCeremony is what a browser was sent to a provider for.
type providerCeremony struct {
	provider *provider
	intent   Intent
	user     chat.UserID // who was sent, 0 for nobody
	next     string
	nonce    string
	verifier string // of PKCE
	redirect string // the address to come back to
}

// An Intent is what somebody goes to a provider for.
type Intent string

// The intents.
const (
	ToSignIn Intent = "sign in"
	ToLink   Intent = "link" // to add the provider to their ways to sign in
)

// An Arrival is somebody whom a provider has signed in.
type Arrival struct {
	Provider string // its name
	Issuer   string
	Subject  string // the issuer's word for who it is, for ever
	Names    []string
	Email    string // "" unless the provider says that it has verified it
	Intent   Intent
	User     chat.UserID // who was sent there, 0 for nobody
	Next     string      // where they wanted to go
}

// A provider is a ProviderConfig, and what it has said of itself.
type provider struct {
	ProviderConfig

	mu     sync.Mutex // protects what follows, and is held while the provider is asked
	found  *discovered
	failed error
	until  time.Time // that found, or failed, is good for
}

// discovered is what a provider says about itself (OpenID Connect Discovery 1.0).
type discovered struct {
	*oidc.Provider
	Methods    []string `json:"token_endpoint_auth_methods_supported"`
	SaysIssuer bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

var providerName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$`)

// NewProviders makes the providers of the settings. Nothing is asked of them yet, so that a provider that is away does not keep the
// server from starting.
//
// Whoever runs the server has named the issuers, so client may go to just these hosts also where they are private; endpoints that
// an issuer names on other hosts have to be public.
func NewProviders(g *Gate, client *outbound.Client, configs []ProviderConfig) (*Providers, error) {
	p := &Providers{
		gate: g, client: client, begun: newCeremonies[providerCeremony](g, ProviderTime), named: newCeremonies[Arrival](g, ProviderTime),
	}
	for _, c := range configs {
		switch {
		case !providerName.MatchString(c.Name):
			return nil, fmt.Errorf("auth: %q is no name for a provider: letters, digits, dots and hyphens, at most 40", c.Name)
		case p.byName(c.Name) != nil:
			return nil, fmt.Errorf("auth: there are two providers called %q", c.Name)
		case c.ClientID == "":
			return nil, fmt.Errorf("auth: the provider %q has no client id", c.Name)
		case c.Issuer == nil || c.Issuer.RawQuery != "" || c.Issuer.Fragment != "":
			return nil, fmt.Errorf("auth: the issuer of the provider %q is not an address without query and fragment", c.Name)
		}
		if err := outbound.CheckKnown(c.Issuer); err != nil {
			return nil, fmt.Errorf("auth: the issuer of the provider %q: %w", c.Name, err)
		}
		p.all = append(p.all, &provider{ProviderConfig: c})
	}
	return p, nil
}

// Names are the names of all providers, as the settings order them.
func (p *Providers) Names() []string {
	names := make([]string, 0, len(p.all))
	for _, one := range p.all {
		names = append(names, one.Name)
	}
	return names
}

// NameOf is the name of the provider with an issuer, or the issuer itself if there is none any more.
func (p *Providers) NameOf(issuer string) string {
	for _, one := range p.all {
		if one.Issuer.String() == issuer {
			return one.Name
		}
	}
	return issuer
}

func (p *Providers) byName(name string) *provider {
	for _, one := range p.all {
		if one.Name == name {
			return one
		}
	}
	return nil
}

// Begin gives the address at the provider of that name to which me is to be sent, to come back to the path back of this server.
// NotFound if there is no such provider, Unavailable if it does not answer.
func (p *Providers) Begin(w http.ResponseWriter, r *http.Request, me Identity, name string, intent Intent, back, next string) (string, error) {
	to := p.byName(name)
	if to == nil {
		return "", errNoProvider(name)
	}
	found, err := p.discover(r.Context(), to)
	if err != nil {
		return "", err
	}
	begun := providerCeremony{
		provider: to, intent: intent, user: me.User.ID, next: next,
		nonce: secret(), verifier: oauth2.GenerateVerifier(), redirect: p.gate.ownOrigin(r) + back,
	}
	state := secret()
	p.begun.begin(w, r, state, begun)
	config := to.config(found, begun.redirect)
	return config.AuthCodeURL(state, oidc.Nonce(begun.nonce), oauth2.S256ChallengeOption(begun.verifier)), nil
}

// Finish is who comes back from the provider of that name, with its answer in the query of the address. An answer that is not to a
// question of this browser, that came before, or that does not hold is Unauthenticated.
func (p *Providers) Finish(r *http.Request, name string) (Arrival, error) {
	query := r.URL.Query()
	begun, ok := p.begun.finish(r, query.Get("state"))
	if !ok || begun.provider.Name != name {
		return Arrival{}, chat.Errorf(chat.Unauthenticated, "", "That took too long, or was begun elsewhere. Please try again.")
	}
	arrival := Arrival{Provider: name, Intent: begun.intent, User: begun.user, Next: begun.next}
	switch query.Get("error") {
	case "":
	case "access_denied":
		return arrival, chat.Errorf(chat.Unauthenticated, "", "You did not sign in at %s.", name)
	default:
		return arrival, refused(name, fmt.Errorf("it said %.100q: %.200q", query.Get("error"), query.Get("error_description")))
	}
	found, err := p.discover(r.Context(), begun.provider)
	if err != nil {
		return arrival, err
	}
	if from := query.Get("iss"); found.SaysIssuer && from == "" || from != "" && from != begun.provider.Issuer.String() {
		return arrival, refused(name, fmt.Errorf("the answer is of the issuer %q", from))
	}
	ctx, cancel := p.asking(r.Context())
	defer cancel()
	raw, access, err := begun.redeem(ctx, found, query.Get("code"))
	if err != nil {
		return arrival, err
	}
	return begun.read(ctx, found, p.gate.clock, arrival, raw, access)
}

// redeem changes the code for the ID token, and the access token that came with it.
func (c providerCeremony) redeem(ctx context.Context, found *discovered, code string) (raw, access string, err error) {
	token, err := c.provider.config(found, c.redirect).Exchange(ctx, code, oauth2.VerifierOption(c.verifier))
	if err != nil {
		answer, ok := errors.AsType[*oauth2.RetrieveError](err)
		if !ok {
			return "", "", away(c.provider.Name, err)
		}
		// Of the answer itself only this: who knows what else it repeats.
		err = fmt.Errorf("its token endpoint answered %d %.100q", answer.Response.StatusCode, answer.ErrorCode)
		if answer.Response.StatusCode >= http.StatusInternalServerError {
			return "", "", away(c.provider.Name, err)
		}
		return "", "", refused(c.provider.Name, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", "", refused(c.provider.Name, errors.New("the answer has no ID token"))
	}
	return raw, token.AccessToken, nil
}

// claims are what is read of an ID token beyond what the library checks.
type claims struct {
	AuthorizedParty string `json:"azp"`
	UserName        string `json:"preferred_username"`
	Nickname        string `json:"nickname"`
	Name            string `json:"name"`
	Email           string `json:"email"`
	// EmailVerified has to be the value true: what else a provider may write there says nothing.
	EmailVerified any `json:"email_verified"`
}

// read is who an ID token says somebody is (Core 1.0, section 3.1.3.7): signed by the issuer with a key of its own, for this server,
// now, and for this ceremony.
func (c providerCeremony) read(ctx context.Context, found *discovered, clock func() time.Time, arrival Arrival, raw, access string) (Arrival, error) {
	name := c.provider.Name
	token, err := found.Verifier(&oidc.Config{ClientID: c.provider.ClientID, Now: clock}).Verify(ctx, raw)
	if err != nil {
		return arrival, refused(name, err)
	}
	var said claims
	if err := token.Claims(&said); err != nil {
		return arrival, refused(name, err)
	}
	switch {
	case token.Nonce != c.nonce:
		err = errors.New("the nonce is another one")
	case said.AuthorizedParty != "" && said.AuthorizedParty != c.provider.ClientID, said.AuthorizedParty == "" && len(token.Audience) > 1:
		err = fmt.Errorf("the token is for %q", said.AuthorizedParty)
	case token.Subject == "" || len(token.Subject) > maxSubject:
		err = errors.New("the subject is empty or too long")
	case token.AccessTokenHash != "":
		err = token.VerifyAccessToken(access)
	}
	if err != nil {
		return arrival, refused(name, err)
	}
	// As the settings write it: one issuer is known to write itself in two ways.
	arrival.Issuer, arrival.Subject = c.provider.Issuer.String(), token.Subject
	if said.EmailVerified == true {
		arrival.Email = said.Email
	}
	arrival.Names = slices.DeleteFunc([]string{said.UserName, said.Nickname, said.Name}, func(n string) bool { return n == "" })
	return arrival, nil
}

// Keep remembers an arrival for the browser until the person there has chosen a name.
func (p *Providers) Keep(w http.ResponseWriter, r *http.Request, a Arrival) {
	p.named.begin(w, r, "name", a)
}

// Kept is the arrival that the browser has to choose a name for, which is forgotten. Unauthenticated if there is none.
func (p *Providers) Kept(r *http.Request) (Arrival, error) {
	a, ok := p.named.finish(r, "name")
	if !ok {
		return a, chat.Errorf(chat.Unauthenticated, "", "That took too long, or was begun elsewhere. Please sign in again.")
	}
	return a, nil
}

// discover asks a provider about itself, unless it has done so lately.
func (p *Providers) discover(ctx context.Context, of *provider) (*discovered, error) {
	of.mu.Lock()
	defer of.mu.Unlock()
	now := p.gate.clock()
	if now.Before(of.until) {
		return of.found, of.failed
	}
	// The next one needs it too: that this browser has gone is no reason to stop.
	ctx, cancel := p.asking(context.WithoutCancel(ctx))
	defer cancel()
	found, err := oidc.NewProvider(ctx, of.Issuer.String())
	d := &discovered{Provider: found}
	if err == nil {
		err = cmp.Or(found.Claims(d), checkEndpoint(found.Endpoint().AuthURL, of.Issuer))
	}
	if err != nil {
		of.found, of.failed, of.until = nil, away(of.Name, err), now.Add(discoveryPause)
		return nil, of.failed
	}
	of.found, of.failed, of.until = d, nil, now.Add(discoveryLife)
	return d, nil
}

// checkEndpoint is nil for an address that a browser may be sent to: https, or the issuer's own.
func checkEndpoint(address string, issuer *url.URL) error {
	u, err := url.Parse(address)
	if err == nil && (u.Host == "" || u.Scheme != "https" && (u.Scheme != issuer.Scheme || u.Host != issuer.Host)) {
		err = fmt.Errorf("%q is no address to send people to", address)
	}
	return err
}

// asking is ctx for what providers are asked, by the client for foreign addresses.
func (p *Providers) asking(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(oidc.ClientContext(ctx, p.client.HTTP()), askTime)
}

// config is this server as a client of a provider. How it says who it is, is said and not tried out: a provider may take a code
// once only.
func (p *provider) config(found *discovered, redirect string) *oauth2.Config {
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if p.ClientSecret == "" || len(found.Methods) > 0 && !slices.Contains(found.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: endpoint, RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail},
	}
}

// secret is 256 random bits as text.
func secret() string {
	b := make([]byte, tokenBytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func errNoProvider(name string) error {
	return chat.Errorf(chat.NotFound, "", "There is no sign-in by %q here.", name)
}

func refused(name string, why error) error {
	return chat.Errorf(chat.Unauthenticated, "", "What %s answered was not accepted. Please try again.", name).Because(why)
}

func away(name string, why error) error {
	return chat.Errorf(chat.Unavailable, "", "%s does not answer just now. Please try again later.", name).Because(why)
}
