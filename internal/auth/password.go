package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"parley/internal/chat"
)

const (
	// MinPassword is how many characters a password has at least (NIST SP 800-63B, section 5.1.1.1).
	MinPassword = 8
	// MaxPassword is how many bytes of UTF-8 a password has at most.
	MaxPassword = 1024
)

// cost is what a hash takes: 19 MiB, 2 passes, 1 lane, the second choice of OWASP's password storage cheat sheet.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

var ours = cost{memory: 19 * 1024, passes: 2, threads: 1}

const saltBytes, hashBytes = 16, 32

// hashed counts the hashes that were computed.
var hashed atomic.Int64

// Hashed is how many hashes this process has computed: the work of signing in, by which known and unknown must not differ.
func Hashed() int64 { return hashed.Load() }

// hashing bounds how many hashes are computed at once, on this machine, whoever asks for them.
var hashing = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))

// Hash is the PHC string of argon2id of a new password that CheckPassword accepts. It waits for its turn while too many
// are being computed; an error is CheckPassword's, or Unavailable if ctx ends first.
func Hash(ctx context.Context, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := derive(ctx, password, salt, ours, hashBytes)
	if err != nil {
		return "", err
	}
	return encode(ours, salt, sum), nil
}

// Verify reports whether password is the one that phc, a string of Hash, was made of. An empty phc, which stands for an
// account that there is not or that has no password, is never right and takes as long. The comparison takes constant time.
func Verify(ctx context.Context, phc, password string) (bool, error) {
	if len(password) > MaxPassword {
		password = "" // none has so many; it is not worth hashing
	}
	known := phc != ""
	if !known {
		phc = nobodys()
	}
	c, salt, want, err := decode(phc)
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// nobodys is a hash to compare with when there is none.
var nobodys = sync.OnceValue(func() string {
	return encode(ours, make([]byte, saltBytes), make([]byte, hashBytes))
})

func derive(ctx context.Context, password string, salt []byte, c cost, length uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, chat.Errorf(chat.Unavailable, "", "The server is busy; please try again.").Because(ctx.Err())
	}
	defer func() { <-hashing }()
	hashed.Add(1)
	// The same password can be typed in several encodings (NIST SP 800-63B, section 5.1.1.2).
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, c.passes, c.memory, c.threads, length), nil
}

func encode(c cost, salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, b64(salt), b64(sum))
}

func decode(phc string) (c cost, salt, sum []byte, err error) {
	fields := strings.Split(phc, "$")
	bad := fmt.Errorf("the stored password is no argon2id hash")
	if len(fields) != 6 || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, bad
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return c, nil, nil, bad
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(fields[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(fields[5])
	if saltErr != nil || sumErr != nil || len(sum) < 16 || c.passes < 1 || c.passes > 64 || c.threads < 1 || c.memory > 1<<20 {
		return c, nil, nil, bad
	}
	return c, salt, sum, nil
}

// CheckPassword returns an error for the field "password" unless it is good enough for a new password: at least
// MinPassword characters, at most MaxPassword bytes, and not one that everybody tries first, nor the name or the address of its
// owner, which are in about. Any character will do.
func CheckPassword(password string, about ...string) error {
	switch {
	case password == "":
		return chat.Errorf(chat.Missing, "password", "Please give a password.")
	case !utf8.ValidString(password):
		return chat.Errorf(chat.Invalid, "password", "The password is not valid UTF-8.")
	case len(password) > MaxPassword:
		return chat.Errorf(chat.TooLong, "password", "The password is too long; at most %d bytes fit.", MaxPassword)
	case utf8.RuneCountInString(password) < MinPassword:
		return chat.Errorf(chat.Invalid, "password", "The password is too short; it needs at least %d characters.", MinPassword)
	case common(password), personal(password, about):
		return chat.Errorf(chat.Invalid, "password", "That password is one of the first that anybody would try.")
	}
	return nil
}
