package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/internal/chat"
)

const (
	// PasskeyTime is how long a person has to answer a browser's question for a passkey.
	PasskeyTime = 5 * time.Minute
	// handleBytes is how long the random handle is that devices know a person by. It says nothing about them
	// (Web Authentication, section 14.6.1).
	handleBytes = 32
	// signTries is how often a signature is checked again because the passkey was used by somebody else meanwhile.
	signTries = 3
)

// Passkeys are the ceremonies of W3C Web Authentication, level 3: adding a passkey (section 7.1) and signing in with one that the
// device finds by itself (section 7.2). Every challenge is of this browser, works once and for PasskeyTime. Its methods may be
// called from any goroutine.
type Passkeys struct {
	gate  *Gate
	begun *ceremonies[passkeyCeremony]
}

// A passkeyCeremony is what a browser was asked.
type passkeyCeremony struct {
	adding   bool
	newcomer chat.Newcomer // who asked for it, when adding
	handle   []byte        // what devices are to know them by, when adding
	origin   string
	data     webauthn.SessionData
}

// NewPasskeys makes the ceremonies for whom g lets in.
func NewPasskeys(g *Gate) *Passkeys {
	return &Passkeys{gate: g, begun: newCeremonies[passkeyCeremony](g, PasskeyTime)}
}

// A holder is somebody with passkeys, as the library takes them.
type holder struct {
	handle      []byte
	name        string
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// party is this server towards browsers that found it at an origin, which has to be by name: addresses have no passkeys.
func party(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, chat.Errorf(chat.Invalid, "", "This address has no passkeys.").Because(err)
	}
	required := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Parley", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required,
			UserVerification: protocol.VerificationPreferred,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: PasskeyTime},
			Registration: webauthn.TimeoutConfig{Timeout: PasskeyTime},
		},
		// Password managers answer what they were not asked. Nothing here rests on it.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, chat.Errorf(chat.Invalid, "", "Passkeys need this server to be visited by its name.").Because(err)
	}
	return w, nil
}

// ownOrigin is this server's origin as browsers write it: without the port that goes without saying.
func (g *Gate) ownOrigin(r *http.Request) string {
	own := g.Own(r)
	host := own.Host
	if port := own.Port(); own.Scheme == "https" && port == "443" || own.Scheme == "http" && port == "80" {
		host = own.Host[:len(own.Host)-len(port)-1]
	}
	return own.Scheme + "://" + host
}

// BeginSignIn asks the browser for any passkey of this server. What it returns is the JSON that the browser's script takes, the
// dictionary CredentialRequestOptions with its bytes in base64url; so is that of BeginAdding.
func (p *Passkeys) BeginSignIn(w http.ResponseWriter, r *http.Request) (any, error) {
	origin := p.gate.ownOrigin(r)
	us, err := party(origin)
	if err != nil {
		return nil, err
	}
	options, data, err := us.BeginDiscoverableLogin()
	if err != nil {
		return nil, fmt.Errorf("auth: beginning to sign in with a passkey: %w", err)
	}
	p.begun.begin(w, r, data.Challenge, passkeyCeremony{origin: origin, data: *data})
	return options, nil
}

// SignIn opens a session for whoever holds the passkey that answer, the browser's JSON, was signed with, and gives the cookie of
// the session. A passkey that is not known here is NotFound; whatever else is wrong with the answer is Unauthenticated, also that
// the key's counter did not go up: there may be a copy of it (section 6.1.1).
func (p *Passkeys) SignIn(r *http.Request, answer []byte) (chat.User, *http.Cookie, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return chat.User{}, nil, chat.Errorf(chat.BadFrame, "", "The passkey's answer could not be read.").Because(err)
	}
	begun, ok := p.begun.finish(r, parsed.Response.CollectedClientData.Challenge)
	if !ok || begun.adding {
		return chat.User{}, nil, errLatePasskey()
	}
	session, cookie := p.gate.Begin(r)
	for try := 1; ; try++ {
		was, is, err := p.check(r, begun, parsed)
		if err != nil {
			return chat.User{}, nil, err
		}
		user, err := p.gate.users.SignInByPasskey(r.Context(), was, is, *session)
		if chat.KindOf(err) == chat.Conflict && try < signTries {
			continue
		}
		return user, cookie, err
	}
}

// check checks a signature against the passkey as it is stored, and gives it as it was and as it is to be stored now.
func (p *Passkeys) check(r *http.Request, begun passkeyCeremony, answer *protocol.ParsedCredentialAssertionData) (was, is chat.Passkey, err error) {
	was, err = p.gate.users.Passkey(r.Context(), base64.RawURLEncoding.EncodeToString(answer.RawID))
	if err != nil {
		return was, is, err
	}
	owner, err := holderOf("", was)
	if err != nil {
		return was, is, err
	}
	us, err := party(begun.origin)
	if err != nil {
		return was, is, err
	}
	find := func([]byte, []byte) (webauthn.User, error) { return owner, nil }
	_, credential, err := us.ValidatePasskeyLogin(find, begun.data, answer)
	if err != nil {
		return was, is, chat.Errorf(chat.Unauthenticated, "", "This passkey was not accepted.").Because(told(err))
	}
	if credential.Authenticator.CloneWarning {
		return was, is, chat.Errorf(chat.Unauthenticated, "", "This passkey was not accepted: there may be a copy of it. Please sign in another way and remove it.").
			Because(fmt.Errorf("the counter of a passkey of %s did not go up", was.User))
	}
	is = was
	is.Credential, err = credentialText(*credential)
	return was, is, err
}

// BeginAdding asks the browser for a new passkey of a newcomer. That it may be added is checked now, so that no device makes one
// in vain.
func (p *Passkeys) BeginAdding(w http.ResponseWriter, r *http.Request, n chat.Newcomer) (any, error) {
	session, _ := p.gate.Begin(r) // only tried: it is never stored
	n.Session = *session
	user, err := p.gate.users.Welcome(r.Context(), n)
	if err != nil {
		return nil, err
	}
	origin := p.gate.ownOrigin(r)
	us, err := party(origin)
	if err != nil {
		return nil, err
	}
	var has []chat.Passkey
	if n.Actor.User != 0 {
		if has, err = p.gate.users.Passkeys(r.Context(), n.Actor); err != nil {
			return nil, err
		}
	}
	owner, err := holderOf(user.Name, has...)
	if err != nil {
		return nil, err
	}
	options, data, err := us.BeginRegistration(owner, webauthn.WithExclusions(webauthn.Credentials(owner.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("auth: beginning to add a passkey: %w", err)
	}
	p.begun.begin(w, r, data.Challenge, passkeyCeremony{
		adding: true, newcomer: n, handle: owner.handle, origin: origin, data: *data,
	})
	return options, nil
}

// Add stores the passkey that answer, the browser's JSON, brings. Who was no member is one then, and has the session of the cookie;
// for a member the cookie is nil. An answer that is not right is Invalid.
func (p *Passkeys) Add(r *http.Request, me Identity, answer []byte) (chat.User, *http.Cookie, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return chat.User{}, nil, chat.Errorf(chat.BadFrame, "", "The passkey's answer could not be read.").Because(err)
	}
	begun, ok := p.begun.finish(r, parsed.Response.CollectedClientData.Challenge)
	if !ok || !begun.adding || begun.newcomer.Actor != me.Actor() {
		return chat.User{}, nil, errLatePasskey()
	}
	us, err := party(begun.origin)
	if err != nil {
		return chat.User{}, nil, err
	}
	credential, err := us.CreateCredential(holder{handle: begun.handle}, begun.data, parsed)
	if err != nil {
		return chat.User{}, nil, chat.Errorf(chat.Invalid, "", "This passkey was not accepted.").Because(told(err))
	}
	text, err := credentialText(*credential)
	if err != nil {
		return chat.User{}, nil, err
	}
	session, cookie := p.gate.Begin(r)
	begun.newcomer.Session = *session
	settled, err := p.gate.users.AddPasskey(r.Context(), begun.newcomer, chat.Passkey{
		ID:     base64.RawURLEncoding.EncodeToString(credential.ID),
		Handle: base64.RawURLEncoding.EncodeToString(begun.handle), Credential: text,
	})
	if err != nil || !settled.New {
		cookie = nil
	}
	return settled.User, cookie, err
}

func errLatePasskey() error {
	return chat.Errorf(chat.Unauthenticated, "", "That took too long, or was begun elsewhere. Please try again.")
}

// holderOf is whose passkeys these are; of nobody's it has a new handle.
func holderOf(name string, has ...chat.Passkey) (holder, error) {
	h := holder{name: name}
	for _, p := range has {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Credential), &c); err != nil {
			return h, fmt.Errorf("auth: a passkey of %s as it is stored: %w", p.User, err)
		}
		h.credentials = append(h.credentials, c)
		handle, err := base64.RawURLEncoding.DecodeString(p.Handle)
		if err != nil {
			return h, fmt.Errorf("auth: the handle of a passkey of %s: %w", p.User, err)
		}
		h.handle = handle
	}
	if h.handle == nil {
		h.handle = make([]byte, handleBytes)
		rand.Read(h.handle) // never fails
	}
	return h, nil
}

// credentialText is a credential as it is stored: what later signatures are checked with. What the device said about its make is
// not asked for and not kept.
func credentialText(c webauthn.Credential) (string, error) {
	c.Attestation = webauthn.CredentialAttestation{}
	text, err := json.Marshal(c)
	return string(text), err
}

// told is an error of the library with what it says to developers, for the log.
func told(err error) error {
	if e, ok := err.(*protocol.Error); ok && e.DevInfo != "" {
		return fmt.Errorf("%w (%s)", err, e.DevInfo)
	}
	return err
}
