package chat

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// BioLimit is how many characters somebody may say of themselves.
const BioLimit = 200

// CheckBio is what somebody says of themselves, as it is stored: NFC, trimmed, at most BioLimit characters, without control
// characters but line breaks; it may be empty. Errors name the field "bio".
func CheckBio(bio string) (string, error) {
	if !utf8.ValidString(bio) {
		return "", Errorf(Invalid, "bio", "This is not valid UTF-8.")
	}
	if len(bio) > 16*BioLimit {
		return "", Errorf(TooLong, "bio", "This is too long; at most %d characters fit.", BioLimit)
	}
	bio = strings.ReplaceAll(strings.ReplaceAll(bio, "\r\n", "\n"), "\r", "\n")
	bio = strings.TrimFunc(norm.NFC.String(bio), unicode.IsSpace)
	visible, marks := bio == "", 0
	for _, r := range bio {
		if unicode.IsControl(r) && r != '\n' {
			return "", Errorf(Invalid, "bio", "There is a control character (%U) in it.", r)
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > maxMarks {
			return "", Errorf(Invalid, "bio", "There are too many marks on one letter.")
		}
		visible = visible || !blank(r)
	}
	if !visible {
		return "", nil
	}
	if n := utf8.RuneCountInString(bio); n > BioLimit {
		return "", Errorf(TooLong, "bio", "This has %d characters; at most %d fit.", n, BioLimit)
	}
	return bio, nil
}

// A Profile is what somebody sees of another.
type Profile struct {
	User
	CreatedAt int64 `json:"created_at"` // unix ms
}

// Profile reads who somebody is. Who may do nothing any more shows no more than a name.
func (u *Users) Profile(ctx context.Context, actor Actor, id UserID) (Profile, error) {
	var p Profile
	err := u.Store.Read(ctx, func(s Snapshot) error {
		st, err := standing(s, actor)
		if err != nil {
			return err
		}
		if err := st.Can(Meet); err != nil {
			return err
		}
		user, err := s.User(id)
		p = Profile{user, user.CreatedAt}
		p.MutedUntil = 0
		if user.Deactivated {
			p = Profile{User: User{ID: user.ID, Name: user.Name, Kind: user.Kind}}
		}
		return err
	})
	return p, err
}

// A ProfileEdit is what somebody wants to be called and to say of themselves; nil leaves it as it is.
type ProfileEdit struct {
	Name *string
	Bio  *string
}

// EditProfile gives the actor another name, which must be free, and another bio. Addresses with the old name go on leading to the
// new one.
func (u *Users) EditProfile(ctx context.Context, actor Actor, edit ProfileEdit) (User, error) {
	var name, bio string
	var err error
	if edit.Name != nil {
		if name, err = CheckName(*edit.Name, u.Limits.Name); err != nil {
			return User{}, err
		}
	}
	if edit.Bio != nil {
		if bio, err = CheckBio(*edit.Bio); err != nil {
			return User{}, err
		}
	}
	var user User
	err = u.Store.Write(ctx, func(tx Tx) error {
		st, err := standing(tx, actor)
		if err != nil {
			return err
		}
		if err := st.Can(Appear); err != nil {
			return err
		}
		user = st.User
		if edit.Name != nil && name != user.Name {
			if err := u.free(tx, name, user.ID); err != nil {
				return err
			}
			user.Name, user.NameKey = name, NameKey(name)
		}
		if edit.Bio != nil && bio != user.Bio {
			if bio != "" && st.untried() {
				return errUntried("bio")
			}
			user.Bio = bio
		}
		return tx.UpdateUser(user)
	})
	return user, err
}
