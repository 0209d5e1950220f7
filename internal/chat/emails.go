package chat

import (
	"context"
	"net/url"
	"strings"
)

// An Email is an address that a user says is theirs. It counts only once its link was opened: until then it gets nothing but
// that link, and is found by nobody.
type Email struct {
	User       UserID
	Address    string // as it was typed
	Key        string // what addresses are compared by
	VerifiedAt int64  // unix ms; 0: not yet
	CreatedAt  int64  // unix ms
}

// EmailLimit is how many bytes an address has at most (RFC 5321, section 4.5.3.1).
const EmailLimit = 254

// CheckEmail is an e-mail address as it is stored, and what it is compared by. It takes what people have: printable ASCII, the
// part before the @ without quoting, a domain of letters, digits, dots and hyphens. Errors name the field "email".
func CheckEmail(address string) (stored, key string, err error) {
	stored = strings.TrimSpace(address)
	at := strings.LastIndexByte(stored, '@')
	local, domain := stored[:max(at, 0)], stored[at+1:]
	switch {
	case stored == "":
		return "", "", Errorf(Missing, "email", "Please give an e-mail address.")
	case len(stored) > EmailLimit || len(local) > 64:
		return "", "", Errorf(TooLong, "email", "The e-mail address is too long.")
	case at < 1 || domain == "" || strings.ContainsFunc(local, notLocal) || strings.ContainsFunc(domain, notDomain),
		strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(stored, ".."),
		strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.HasPrefix(domain, "-"):
		return "", "", Errorf(Invalid, "email", "This is not an e-mail address that Parley can write to.")
	}
	return stored, strings.ToLower(stored), nil
}

// notLocal reports whether a character cannot stand unquoted before the @ (RFC 5322, section 3.2.3).
func notLocal(r rune) bool {
	return r != '.' && !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func notDomain(r rune) bool { return r != '.' && r != '-' && !isAlphanumeric(r) }

func isAlphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// ByLogin finds who may be meant by what was typed to sign in: a verified address, else a name; NotFound if nobody is. Both are
// looked for, whatever is found.
func (u *Users) ByLogin(ctx context.Context, login string) (User, error) {
	var user User
	err := u.Store.Read(ctx, func(s Snapshot) error {
		named, err := s.UserByName(NameKey(login))
		if err != nil && KindOf(err) != NotFound {
			return err
		}
		_, key, _ := CheckEmail(login)
		email, owned := s.VerifiedEmail(key)
		switch {
		case owned == nil:
			user, err = s.User(email.User)
		case KindOf(owned) != NotFound:
			err = owned
		default:
			user = named
		}
		return err
	})
	return user, err
}

// ClaimEmail notes an address that the actor, who has an account, says is theirs, and has its link sent. The one that counts
// stays until the link was opened. Nobody is told whether the address is another's: its owner gets a letter instead. The caller has
// asked for the password, if there is one; session is the actor's.
func (u *Users) ClaimEmail(ctx context.Context, actor Actor, session SessionID, address string) error {
	address, key, err := CheckEmail(address)
	if err != nil {
		return err
	}
	var user User
	err = u.Store.Write(ctx, func(tx Tx) error {
		if user, err = accountOf(tx, actor); err != nil {
			return err
		}
		if err := fresh(tx, user, session); err != nil {
			return err
		}
		return claim(tx, user.ID, address, key)
	})
	if err == nil {
		u.verify(user.ID, key)
	}
	return err
}

// RepeatEmail has the link of the actor's address that does not count yet sent again; the one before works no more.
func (u *Users) RepeatEmail(ctx context.Context, actor Actor) error {
	self, err := u.Self(ctx, actor)
	if err != nil || self.Pending == "" {
		return err
	}
	_, key, err := CheckEmail(self.Pending)
	if err == nil {
		u.verify(self.User.ID, key)
	}
	return err
}

// accountOf is the actor, who must have an account.
func accountOf(s Snapshot, actor Actor) (User, error) {
	st, err := standing(s, actor)
	if err != nil {
		return User{}, err
	}
	if err := st.Can(Rename); err != nil {
		return User{}, err
	}
	if st.User.Kind != Account {
		return User{}, Errorf(Forbidden, "", "This needs an account.")
	}
	return st.User, nil
}

// claim stores an address that is not verified, in place of any other such. One that counts already stays as it is.
func claim(tx Tx, user UserID, address, key string) error {
	emails, err := tx.Emails(user)
	if err != nil {
		return err
	}
	keep := ""
	for _, e := range emails {
		if e.VerifiedAt == 0 {
			continue
		}
		if keep = e.Key; keep == key {
			return tx.DeleteEmails(user, keep)
		}
	}
	if err := tx.DeleteEmails(user, keep); err != nil {
		return err
	}
	return tx.PutEmail(Email{User: user, Address: address, Key: key, CreatedAt: Millis(tx.Now())})
}

// verify has the link for an address sent to it, or a letter to its owner if that is somebody else.
func (u *Users) verify(id UserID, key string) {
	u.send(func(ctx context.Context) ([]Letter, error) {
		var letter Letter
		err := u.Store.Write(ctx, func(tx Tx) error {
			var err error
			letter, err = verifyLetter(tx, id, key)
			return err
		})
		return []Letter{letter}, err
	})
}

func verifyLetter(tx Tx, id UserID, key string) (Letter, error) {
	owned, err := tx.VerifiedEmail(key)
	if err == nil {
		owner, err := tx.User(owned.User)
		return Letter{Kind: KnownLetter, To: owned.Address, Name: owner.Name, Path: "/-/sign-in"}, err
	}
	if KindOf(err) != NotFound {
		return Letter{}, err
	}
	emails, err := tx.Emails(id)
	if err != nil {
		return Letter{}, err
	}
	for _, e := range emails {
		if e.Key != key {
			continue
		}
		user, err := tx.User(id)
		if err != nil {
			return Letter{}, err
		}
		if err := tx.DeleteLinks(id, VerifyLink); err != nil {
			return Letter{}, err
		}
		token, err := mint(tx, id, VerifyLink, key, VerifyLife)
		return Letter{Kind: VerifyLetter, To: e.Address, Name: user.Name, Path: tokenPath("/-/verify", token)}, err
	}
	return Letter{}, Errorf(NotFound, "", "The address is claimed no more.")
}

func tokenPath(path, token string) string { return path + "?" + url.Values{"token": {token}}.Encode() }

// Claimed is the account and the address that a link of a VerifyLetter is about; NotFound for the field "token" if it is not valid.
func (u *Users) Claimed(ctx context.Context, token string) (user User, address string, err error) {
	err = u.Store.Read(ctx, func(s Snapshot) error {
		var e Email
		user, e, err = claimed(s, token)
		address = e.Address
		return err
	})
	return user, address, err
}

func claimed(s Snapshot, token string) (User, Email, error) {
	link, user, err := linked(s, token, VerifyLink)
	if err != nil {
		return User{}, Email{}, err
	}
	emails, err := s.Emails(user.ID)
	if err != nil {
		return User{}, Email{}, err
	}
	for _, e := range emails {
		if e.Key == link.Detail {
			return user, e, nil
		}
	}
	return User{}, Email{}, Errorf(NotFound, "token", "The account has another address by now.")
}

// VerifyEmail makes the address count whose link was opened, in place of the one before, whose owner gets a letter. Links to a
// new password that were sent before work no more, and the link works once. An address that counts for another account by now is a Conflict.
func (u *Users) VerifyEmail(ctx context.Context, token string) (User, error) {
	var user User
	var letters []Letter
	err := u.Store.Write(ctx, func(tx Tx) error {
		letters = nil
		var e Email
		var err error
		if user, e, err = claimed(tx, token); err != nil {
			return err
		}
		emails, err := tx.Emails(user.ID)
		if err != nil {
			return err
		}
		for _, old := range emails {
			if old.VerifiedAt != 0 && old.Key != e.Key {
				letters = append(letters, Letter{Kind: ReplacedLetter, To: old.Address, Name: user.Name})
			}
		}
		e.VerifiedAt = Millis(tx.Now())
		if err := tx.PutEmail(e); err != nil {
			return err
		}
		if err := tx.DeleteEmails(user.ID, e.Key); err != nil {
			return err
		}
		// A link to a new password may be in a letter to the address before.
		if err := tx.DeleteLinks(user.ID, ResetLink); err != nil {
			return err
		}
		return tx.DeleteLinks(user.ID, VerifyLink)
	})
	if err == nil && len(letters) > 0 {
		u.send(func(context.Context) ([]Letter, error) { return letters, nil })
	}
	return user, err
}
