package pages

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

// maxAnswer is how many bytes the answer of a passkey may have.
const maxAnswer = 64 << 10

// A passkeyRequest is what the page's script sends, web/src/passkey.ts.
type passkeyRequest struct {
	Username   string          `json:"username"` // of somebody new
	Current    string          `json:"current"`  // password of a member who has one
	Invite     string          `json:"invite"`   // the token of the invitation of somebody new
	Credential json.RawMessage `json:"credential"`
	Next       string          `json:"next"`
}

func readPasskey(w http.ResponseWriter, r *http.Request) (passkeyRequest, error) {
	var q passkeyRequest
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	if err != nil {
		return q, chat.Errorf(chat.TooLong, "", "The request is too long; at most %d bytes fit.", maxAnswer)
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return q, chat.Errorf(chat.BadFrame, "", "The request is not the JSON that is expected here.").Because(err)
	}
	return q, nil
}

func sendJSON(w http.ResponseWriter, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text) // the visitor has gone if this fails
	return nil
}

// askForPasskey gives the browser what it asks its devices with: who is there?
func (p *Pages) askForPasskey(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	options, err := p.passkeys.BeginSignIn(w, r)
	if err != nil {
		return err
	}
	return sendJSON(w, options)
}

// signInByPasskey opens a session for whoever has signed, and ends the one that the browser had.
func (p *Pages) signInByPasskey(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	q, err := readPasskey(w, r)
	if err != nil {
		return err
	}
	_, cookie, err := p.passkeys.SignIn(r, q.Credential)
	if err != nil {
		return p.noted(r, "a passkey was not accepted", err)
	}
	p.endFormer(r, me)
	http.SetCookie(w, cookie)
	return sendJSON(w, map[string]string{"next": localPath(q.Next, "/")})
}

// askForNewPasskey gives the browser what it asks for a new passkey with.
func (p *Pages) askForNewPasskey(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	q, err := readPasskey(w, r)
	if err != nil {
		return err
	}
	newcomer := chat.Newcomer{Actor: me.Actor(), Name: q.Username, Invited: p.invited(q.Invite)}
	if me.User.Kind == chat.Account {
		if err := p.confirm(&change{r: r, me: me, form: func(string) string { return q.Current }}); err != nil {
			return err
		}
		newcomer.Linking = me.Session
	}
	options, err := p.passkeys.BeginAdding(w, r, newcomer)
	if err != nil {
		return err
	}
	return sendJSON(w, options)
}

// addPasskey stores the passkey that a device has made. Who was a guest, or nobody, is a member then.
func (p *Pages) addPasskey(w http.ResponseWriter, r *http.Request, me auth.Identity) error {
	if err := p.gate.Allow(r, auth.Join, me.User.ID); err != nil {
		return err
	}
	q, err := readPasskey(w, r)
	if err != nil {
		return err
	}
	_, cookie, err := p.passkeys.Add(r, me, q.Credential)
	if err != nil {
		return p.noted(r, "a new passkey was not accepted", err)
	}
	if cookie != nil {
		http.SetCookie(w, cookie)
	}
	return sendJSON(w, map[string]string{"next": localPath(q.Next, "/")})
}

func (p *Pages) renamePasskey(ctx context.Context, c *change) error {
	return p.users.RenamePasskey(ctx, c.me.Actor(), c.form("id"), c.form("name"))
}

func (p *Pages) removePasskey(ctx context.Context, c *change) error {
	err := p.confirm(c)
	if err == nil {
		err = p.users.RemovePasskey(ctx, c.me.Actor(), c.me.Session, c.form("id"))
	}
	return under("name", err)
}

// noted is err; why it is told to the log alone, where whoever runs the server may wonder.
func (p *Pages) noted(r *http.Request, what string, err error) error {
	if why := chat.AsError(err).Unwrap(); why != nil && r.Context().Err() == nil {
		p.logger.Warn(what, "error", why)
	}
	return err
}

// A passkeySection is the part about passkeys of one's own page.
type passkeySection struct {
	Guest    bool // the first one makes a member
	Confirm  bool // the password is asked for
	Passkeys []passkeyLine
}

type passkeyLine struct {
	ID, Name    string
	Since, Seen time.Time // in UTC; Seen is zero if nobody has signed in with it
}

// passkeySection reads it for me, who is somebody.
func (p *Pages) passkeySection(r *http.Request, me auth.Identity) (passkeySection, error) {
	section := passkeySection{Guest: me.User.Kind == chat.Guest, Confirm: me.User.Password != ""}
	all, err := p.users.Passkeys(r.Context(), me.Actor())
	for _, k := range all {
		line := passkeyLine{ID: k.ID, Name: k.Name, Since: time.UnixMilli(k.CreatedAt).UTC()}
		if k.SeenAt != 0 {
			line.Seen = time.UnixMilli(k.SeenAt).UTC()
		}
		section.Passkeys = append(section.Passkeys, line)
	}
	return section, err
}
