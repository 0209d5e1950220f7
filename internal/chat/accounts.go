package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// AccountSnapshot reads what belongs to people's accounts. Lookups of a single thing return a NotFound error where there is none.
type AccountSnapshot interface {
	// SessionsOf are a user's sessions, the one that was seen last first.
	SessionsOf(user UserID) ([]Session, error)
	// Emails are the addresses of a user, verified or not, the newest first.
	Emails(user UserID) ([]Email, error)
	// VerifiedEmail finds whose address it is, by its key. One that is not verified is not found.
	VerifiedEmail(key string) (Email, error)
	// Link finds a link by its hash. One that has expired is not found.
	Link(hash string) (Link, error)
}

// AccountTx writes what belongs to people's accounts.
type AccountTx interface {
	// PutEmail stores an address of a user, in place of the one with the same key. A verified one that is another user's
	// already is a Conflict.
	PutEmail(e Email) error
	// DeleteEmails forgets all addresses of a user but the one with the key keep, or all if that is "".
	DeleteEmails(user UserID, keep string) error
	// InsertLink stores a link, and forgets all that have expired.
	InsertLink(l Link) error
	// DeleteLink forgets a link, so that it works no more; one that there is not is no error.
	DeleteLink(hash string) error
	// DeleteLinks forgets a user's links for a purpose, or all of them if that is "".
	DeleteLinks(user UserID, purpose LinkPurpose) error
}

// A LinkPurpose says what a link does.
type LinkPurpose string

// The purposes of links.
const (
	VerifyLink LinkPurpose = "verify" // shows that an address, the link's Detail, is the user's
	ResetLink  LinkPurpose = "reset"  // a new password for who has forgotten the old one
	MoveLink   LinkPurpose = "move"   // a session for another device; Detail is the session that made it
)

// How long links work.
const (
	VerifyLife = 3 * 24 * time.Hour
	ResetLife  = time.Hour
	MoveLife   = 2 * time.Minute
)

// A Link is a secret that works once and only for a time. What is stored is the SHA-256 of its token, so that a copy of the
// database opens nothing.
type Link struct {
	Hash      string // SHA-256 of the token, in hex
	Purpose   LinkPurpose
	User      UserID
	Detail    string
	ExpiresAt int64 // unix ms
}

// mint makes a link and its token, 256 random bits, and stores the link.
func mint(tx Tx, user UserID, purpose LinkPurpose, detail string, life time.Duration) (token string, err error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, tx.InsertLink(Link{
		Hash: hashOf(token), Purpose: purpose, User: user, Detail: detail, ExpiresAt: Millis(tx.Now().Add(life)),
	})
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// linked finds a link by its token, and whose it is. Whatever is wrong with it is the same NotFound error for the field "token".
func linked(s Snapshot, token string, purpose LinkPurpose) (Link, User, error) {
	link, err := s.Link(hashOf(token))
	if err == nil && link.Purpose == purpose {
		var user User
		user, err = s.User(link.User)
		if err == nil && !user.Deactivated {
			return link, user, nil
		}
	}
	if err != nil && KindOf(err) != NotFound {
		return Link{}, User{}, err
	}
	return Link{}, User{}, errNoLink()
}

func errNoLink() error {
	return Errorf(NotFound, "token", "This link is not valid, or no longer: it works once, and only for a time.")
}

// A Mailer sends letters some time later.
type Mailer interface {
	// Later has write called soon, on a goroutine of the Mailer's own, and sends the letters that it gives. It returns at
	// once, so that nobody can tell by the time of an answer whether there was a letter to send. A NotFound error of write means
	// that there is none; other errors are logged. Where too many wait, it is logged and dropped.
	Later(write func(ctx context.Context) ([]Letter, error))
}

// A LetterKind says what a letter is about.
type LetterKind string

// The kinds of letters.
const (
	VerifyLetter   LetterKind = "verify"   // here is the link that shows that this address is yours
	KnownLetter    LetterKind = "known"    // somebody gave this address for another account; you have one already
	ResetLetter    LetterKind = "reset"    // here is the link to a new password
	PasswordLetter LetterKind = "password" // your password has been changed
	ReplacedLetter LetterKind = "replaced" // your account has another address now
)

// A Letter is one e-mail to one person.
type Letter struct {
	Kind LetterKind
	To   string // the address, as CheckEmail gives it
	Name string // of the account that it is about
	Path string // of the link that the letter is for, "/-/reset?token=…"; "" for none
}

// Mailing reports whether this server sends e-mail.
func (u *Users) Mailing() bool { return u.Mail != nil }

// send has letters written and sent later, if this server sends e-mail.
func (u *Users) send(write func(ctx context.Context) ([]Letter, error)) {
	if u.Mail != nil {
		u.Mail.Later(write)
	}
}

// A Self is what somebody sees of the own account.
type Self struct {
	User     User
	Verified string // the address that counts; "" for none
	Pending  string // the address whose link was not opened yet; "" for none
	Sessions []Session
}

// Self reads what the actor sees of the own account.
func (u *Users) Self(ctx context.Context, actor Actor) (Self, error) {
	var self Self
	err := u.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, actor)
		if err != nil {
			return err
		}
		if err := st.Can(Rename); err != nil {
			return err
		}
		self.User = st.User
		emails, err := s.Emails(st.User.ID)
		if err != nil {
			return err
		}
		for _, e := range emails {
			switch {
			case e.VerifiedAt != 0 && self.Verified == "":
				self.Verified = e.Address
			case e.VerifiedAt == 0 && self.Pending == "":
				self.Pending = e.Address
			}
		}
		self.Sessions, err = s.SessionsOf(st.User.ID)
		return err
	})
	return self, err
}

// MayRegister is nil if the account may be made just now, as far as that does not depend on its name and the invitation, else
// Forbidden. Of e only Actor, Session and whether it is Invited count.
func (u *Users) MayRegister(ctx context.Context, e Enrolment) error {
	return u.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, e.Actor)
		if err != nil {
			return err
		}
		return mayEnrol(s, st, e)
	})
}

// freeWays frees what a deleted user could sign in with, so that its person can use it for another account.
func freeWays(tx Tx, id UserID) error {
	if err := tx.DeleteEmails(id, ""); err != nil {
		return err
	}
	passkeys, err := tx.Passkeys(id)
	if err != nil {
		return err
	}
	for _, p := range passkeys {
		if err := tx.DeletePasskey(p.ID); err != nil {
			return err
		}
	}
	identities, err := tx.Identities(id)
	if err != nil {
		return err
	}
	for _, i := range identities {
		if err := tx.DeleteIdentity(i.Issuer, i.Subject); err != nil {
			return err
		}
	}
	return nil
}
