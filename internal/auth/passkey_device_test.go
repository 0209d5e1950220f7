package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/internal/auth"
	"parley/internal/chat"
)

// A browser keeps the cookies that it is given.
type browser struct {
	t       *testing.T
	g       *auth.Gate
	url     string
	cookies map[string]*http.Cookie
}

func newBrowser(t *testing.T, g *auth.Gate, url string) *browser {
	return &browser{t: t, g: g, url: url, cookies: map[string]*http.Cookie{}}
}

// request is a request of the browser's, with its cookies.
func (b *browser) request() *http.Request {
	r := httptest.NewRequest(http.MethodPost, b.url, nil)
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	return r
}

// takes keeps the cookies of an answer, and those given.
func (b *browser) takes(w *httptest.ResponseRecorder, given ...*http.Cookie) {
	for _, c := range append(w.Result().Cookies(), given...) {
		if c != nil {
			b.cookies[c.Name] = c
		}
	}
}

// me is who the browser is signed in as.
func (b *browser) me() auth.Identity {
	b.t.Helper()
	id, err := b.g.Who(b.request())
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// A device makes passkeys and signs with them, as Web Authentication wants it, and as a test does not.
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32
	origin string // that the browser shows
	party  string // that it asks for; "" for what the options say
	flags  byte   // 1 present, 4 verified
}

func newDevice(t *testing.T, origin string) *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &device{t: t, key: key, id: id, origin: origin, flags: 1 | 4}
}

// asked is what the options say, of either ceremony.
type asked struct {
	PublicKey struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID, Name string }
		User      struct{ ID, Name, DisplayName string }
		Exclude   []struct{ ID string }                          `json:"excludeCredentials"`
		Selection struct{ ResidentKey, UserVerification string } `json:"authenticatorSelection"`
		Verify    string                                         `json:"userVerification"`
		Timeout   int
	}
}

func read(t *testing.T, options any) asked {
	t.Helper()
	text, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	var a asked
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (d *device) clientData(ceremony, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

// data is the authenticator data (section 6.1) without what a new credential adds.
func (d *device) data(party string, flags byte) []byte {
	if d.party != "" {
		party = d.party
	}
	hash := sha256.Sum256([]byte(party))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.count)
}

// create answers the options of a new passkey. The CBOR is spelled out: {"fmt": "none", "attStmt": {}, "authData": …} and a COSE
// key {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
func (d *device) create(options any) []byte {
	d.t.Helper()
	a := read(d.t, options)
	var err error
	if d.handle, err = base64.RawURLEncoding.DecodeString(a.PublicKey.User.ID); err != nil {
		d.t.Fatal(err)
	}
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		d.t.Fatal(err)
	}
	data := append(d.data(a.PublicKey.RP.ID, d.flags|0x40), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	data = append(data, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32)
	data = append(append(append(data, point[1:33]...), 0x22, 0x58, 32), point[33:]...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(data)))
	return d.answer(map[string]any{
		"clientDataJSON": b64(d.clientData("webauthn.create", a.PublicKey.Challenge)), "attestationObject": b64(append(object, data...)),
	})
}

// sign answers the options of signing in.
func (d *device) sign(options any) []byte {
	d.t.Helper()
	a := read(d.t, options)
	client, data := d.clientData("webauthn.get", a.PublicKey.Challenge), d.data(a.PublicKey.RPID, d.flags)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(d.handle),
	})
}

func (d *device) answer(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

func wantKind(t *testing.T, err error, want chat.Kind) {
	t.Helper()
	if got := chat.KindOf(err); got != want {
		t.Errorf("got %v (%s), want %s", err, got, want)
	}
}
