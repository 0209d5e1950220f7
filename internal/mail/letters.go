package mail

import (
	"fmt"
	"strings"
	"text/template"

	"parley/internal/chat"
)

// A draft is a letter of a kind: its subject, and its text as a template on letterData.
type draft struct {
	subject string
	text    *template.Template
}

// letterData is what the texts are filled in with.
type letterData struct {
	Name, Host, Link string
}

func text(s string) *template.Template {
	return template.Must(template.New("letter").Option("missingkey=error").Parse(s))
}

// drafts are all letters. None says more to a stranger than that somebody typed the address.
var drafts = map[chat.LetterKind]draft{
	chat.VerifyLetter: {"Is this your e-mail address?", text(`Hello {{.Name}},

somebody, probably you, gave this address for the account "{{.Name}}" at {{.Host}}.
If that was you, open this link within three days:

{{.Link}}

If it was not you, do nothing: the address does not count until the link was opened.
`)},
	chat.KnownLetter: {"You have an account already", text(`Hello {{.Name}},

somebody, probably you, gave this address for another account at {{.Host}}.
But it is the address of your account "{{.Name}}" already, and one address is for one account.

If that was you, sign in as {{.Name}}, or ask for a new password there:

{{.Link}}

If it was not you, there is nothing to do: nobody was told that you have an account.
`)},
	chat.ResetLetter: {"Choose a new password", text(`Hello {{.Name}},

somebody, probably you, has asked for a new password for your account at {{.Host}}.
If that was you, choose one within an hour here. The link works once:

{{.Link}}

If it was not you, do nothing: your password stays as it is.
`)},
	chat.PasswordLetter: {"Your password has been changed", text(`Hello {{.Name}},

the password of your account at {{.Host}} has been changed, and all other devices have been signed out.

If it was not you, choose another one at once:

{{.Link}}
`)},
	chat.ReplacedLetter: {"Your account has another e-mail address", text(`Hello {{.Name}},

your account at {{.Host}} has another e-mail address from now on. This one does not count for it any more.

If it was not you, tell an administrator of {{.Host}}.
`)},
}

// render is the subject and the text of a letter.
func (s *Sender) render(letter chat.Letter) (subject, body string, err error) {
	d, ok := drafts[letter.Kind]
	if !ok {
		return "", "", fmt.Errorf("mail: there is no letter %q", letter.Kind)
	}
	_, host, _ := strings.Cut(s.base, "://")
	data := letterData{Name: letter.Name, Host: host}
	if letter.Path != "" {
		data.Link = s.base + letter.Path
	}
	var b strings.Builder
	err = d.text.Execute(&b, data)
	return d.subject, b.String(), err
}
