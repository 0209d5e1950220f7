// Package issuer is an OpenID Connect provider for tests, on a loopback address: discovery, keys, the authorization endpoint, which
// asks nobody, and the token endpoint, which checks the client and PKCE. It does what a test tells it to do wrong.
package issuer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Person is who is signed in at the provider.
type Person struct {
	Subject string
	Claims  map[string]any // what its tokens say beside
}

// A Manner is how the provider behaves. The zero Manner, but for Person, is right.
type Manner struct {
	Person Person
	// Method is how tokens are signed: "RS256", which "" means, "ES256", "HS256" with the client's secret, or "none".
	Method string
	// Stranger signs with a key that the provider does not publish.
	Stranger bool
	// Spoil changes what the next tokens say.
	Spoil func(claims map[string]any)
	// Refuse is an error that the authorization endpoint answers with.
	Refuse string
	// Issuer is what the answer of the authorization endpoint says who it is of; "" for who it is, "-" for nothing (RFC 9207).
	Issuer string
	// Naive does not check PKCE, so that another's code would be taken.
	Naive bool
	// Away answers with that status at every endpoint, 0 for none.
	Away int
	// Discovery changes what the provider says about itself.
	Discovery func(document map[string]any)
}

// A Provider is a provider. Its methods may be called from any goroutine.
type Provider struct {
	// ClientID and ClientSecret are of the one client that it has.
	ClientID, ClientSecret string
	server                 *httptest.Server
	clock                  func() time.Time
	rsa                    *rsa.PrivateKey
	ecdsa                  *ecdsa.PrivateKey
	strangers              *rsa.PrivateKey

	mu     sync.Mutex // protects what follows
	manner Manner
	codes  map[string]grant
	asked  []string // the paths of all requests
}

// A grant is what a code stands for.
type grant struct {
	challenge, redirect, nonce string
	person                     Person
}

// Start starts a provider at the time of a clock; nil is time.Now. Close ends it.
func Start(clock func() time.Time) (*Provider, error) {
	if clock == nil {
		clock = time.Now
	}
	p := &Provider{ClientID: "parley", ClientSecret: "the secret of a client+", clock: clock, codes: map[string]grant{}}
	var err error
	if p.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return nil, err
	}
	if p.strangers, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return nil, err
	}
	if p.ecdsa, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	return p, nil
}

// Close ends the provider.
func (p *Provider) Close() { p.server.Close() }

// URL is the provider's issuer.
func (p *Provider) URL() string { return p.server.URL }

// Behave has the provider behave like that from now on.
func (p *Provider) Behave(m Manner) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.manner = m
}

// Asked are the paths of all requests so far.
func (p *Provider) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.URL.Path)
	if p.manner.Away != 0 {
		w.WriteHeader(p.manner.Away)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.discoverLocked(w)
	case "/keys":
		answer(w, http.StatusOK, map[string]any{"keys": []any{
			map[string]string{"kty": "RSA", "kid": "r", "use": "sig", "n": b64(p.rsa.N.Bytes()), "e": "AQAB"},
			p.pointLocked(),
		}})
	case "/authorize":
		p.authorizeLocked(w, r)
	case "/token":
		p.tokenLocked(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) discoverLocked(w http.ResponseWriter) {
	document := map[string]any{
		"issuer": p.URL(), "authorization_endpoint": p.URL() + "/authorize", "token_endpoint": p.URL() + "/token", "jwks_uri": p.URL() + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256"}, "response_types_supported": []string{"code"},
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	}
	if p.manner.Discovery != nil {
		p.manner.Discovery(document)
	}
	answer(w, http.StatusOK, document)
}

func (p *Provider) pointLocked() map[string]string {
	point, err := p.ecdsa.PublicKey.Bytes()
	if err != nil {
		panic(err) // the key was made above
	}
	return map[string]string{"kty": "EC", "kid": "e", "use": "sig", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
}

// authorizeLocked sends the browser back with a code, or says what is wrong with how it was sent.
func (p *Provider) authorizeLocked(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name, ok := range map[string]bool{
		"response_type": q.Get("response_type") == "code", "client_id": q.Get("client_id") == p.ClientID,
		"scope": strings.Contains(" "+q.Get("scope")+" ", " openid "), "state": len(q.Get("state")) >= 22, "nonce": len(q.Get("nonce")) >= 22,
		"code_challenge": len(q.Get("code_challenge")) == 43, "code_challenge_method": q.Get("code_challenge_method") == "S256",
	} {
		if !ok {
			http.Error(w, "wrong: "+name, http.StatusBadRequest)
			return
		}
	}
	back := url.Values{"state": {q.Get("state")}}
	switch p.manner.Issuer {
	case "-":
	case "":
		back.Set("iss", p.URL())
	default:
		back.Set("iss", p.manner.Issuer)
	}
	if p.manner.Refuse != "" {
		back.Set("error", p.manner.Refuse)
	} else {
		code := rand.Text()
		p.codes[code] = grant{q.Get("code_challenge"), q.Get("redirect_uri"), q.Get("nonce"), p.manner.Person}
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// tokenLocked changes a code for tokens, once (RFC 6749, section 4.1.3; RFC 7636, section 4.6).
func (p *Provider) tokenLocked(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	id, secret, basic := r.BasicAuth()
	// RFC 6749, section 2.3.1: both are encoded as in a form.
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if id != p.ClientID || secret != p.ClientSecret {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	code := r.PostForm.Get("code")
	g, ok := p.codes[code]
	delete(p.codes, code)
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	proven := p.manner.Naive || b64(sum[:]) == g.challenge
	if !ok || !proven || r.PostForm.Get("redirect_uri") != g.redirect || r.PostForm.Get("grant_type") != "authorization_code" {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"access_token": "an access token", "token_type": "Bearer", "expires_in": 60, "id_token": p.signLocked(g),
	})
}

// signLocked is the ID token for a grant (OpenID Connect Core 1.0, section 2).
func (p *Provider) signLocked(g grant) string {
	now := p.clock()
	claims := map[string]any{
		"iss": p.URL(), "sub": g.person.Subject, "aud": p.ClientID, "nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	for name, value := range g.person.Claims {
		claims[name] = value
	}
	if p.manner.Spoil != nil {
		p.manner.Spoil(claims)
	}
	method, kid := p.manner.Method, "r"
	if method == "" {
		method = "RS256"
	}
	if method == "ES256" {
		kid = "e"
	}
	head := part(map[string]string{"alg": method, "kid": kid, "typ": "JWT"}) + "." + part(claims)
	return head + "." + b64(p.signature(method, head))
}

func (p *Provider) signature(method, text string) []byte {
	digest := sha256.Sum256([]byte(text))
	var signature []byte
	var err error
	switch method {
	case "RS256":
		key := p.rsa
		if p.manner.Stranger {
			key = p.strangers
		}
		signature, err = rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	case "ES256":
		// The two numbers side by side (RFC 7518, section 3.4), not in ASN.1.
		r, s, e := ecdsa.Sign(rand.Reader, p.ecdsa, digest[:])
		if err = e; err == nil {
			signature = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}
	case "HS256":
		mac := hmac.New(sha256.New, []byte(p.ClientSecret))
		mac.Write([]byte(text))
		signature = mac.Sum(nil)
	}
	if err != nil {
		panic(err) // the keys are good
	}
	return signature
}

func part(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test gave something that is no JSON
	}
	return b64(text)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asked has gone if this fails
}
