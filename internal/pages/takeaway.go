package pages

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"html/template"
	"io"
	"iter"
	"time"

	"parley/internal/chat"
)

// A takeaway is all that is one person's, as a zip with two files that say the same: parley.json for programs, parley.html for
// people. It is written while it is read, a piece at a time, so it may be of any size.
type takeaway struct {
	ctx      context.Context
	mine     *chat.MyData
	actor    chat.Actor
	portrait chat.Portrait
	page     *template.Template
	host     string
	at       time.Time
}

func (t *takeaway) zip(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, file := range []struct {
		name  string
		write func(*takeaway, io.Writer) error
	}{{"parley.json", (*takeaway).json}, {"parley.html", (*takeaway).html}} {
		entry, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: t.at})
		if err != nil {
			return err
		}
		b := bufio.NewWriterSize(entry, 32<<10)
		if err := file.write(t, b); err != nil {
			return err
		}
		if err := b.Flush(); err != nil {
			return err
		}
	}
	return z.Close()
}

// json writes one object, whose lists are written row by row.
func (t *takeaway) json(w io.Writer) error {
	head, err := json.Marshal(struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
		Server  string `json:"server"`
		At      int64  `json:"at"`
		chat.Portrait
	}{"parley export", 1, t.host, t.at.UnixMilli(), t.portrait})
	if err != nil {
		return err
	}
	if _, err := w.Write(head[:len(head)-1]); err != nil { // without its last brace
		return err
	}
	for _, list := range []func() error{
		func() error { return rows(w, "rooms", t.mine.Places(t.ctx, t.actor)) },
		func() error { return rows(w, "waiting", t.mine.Waiting(t.ctx, t.actor)) },
		func() error { return rows(w, "reports", t.mine.Complaints(t.ctx, t.actor)) },
		func() error { return rows(w, "invitations", t.mine.Invitations(t.ctx, t.actor)) },
		func() error { return rows(w, "messages", t.mine.Utterances(t.ctx, t.actor, t.portrait.Upto)) },
	} {
		if err := list(); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "}\n")
	return err
}

// rows writes a list of an object that has other fields before it, a row to a line.
func rows[T any](w io.Writer, name string, all iter.Seq2[T, error]) error {
	before := ",\n\"" + name + "\":[\n"
	for row, err := range all {
		if err != nil {
			return err
		}
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, before); err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
		before = ",\n"
	}
	end := "\n]"
	if before != ",\n" {
		end = before + "]" // there was none
	}
	_, err := io.WriteString(w, end)
	return err
}

// html writes the same for people.
func (t *takeaway) html(w io.Writer) error {
	head := struct {
		chat.Portrait
		Host string
		At   time.Time
	}{t.portrait, t.host, t.at.UTC()}
	if err := t.page.ExecuteTemplate(w, "takeaway-head", head); err != nil {
		return err
	}
	for _, list := range []func() error{
		func() error { return section(t.page, w, "Rooms", "takeaway-room", t.mine.Places(t.ctx, t.actor)) },
		func() error {
			return section(t.page, w, "Waiting for approval", "takeaway-waiting", t.mine.Waiting(t.ctx, t.actor))
		},
		func() error {
			return section(t.page, w, "Messages that I reported", "takeaway-report", t.mine.Complaints(t.ctx, t.actor))
		},
		func() error {
			return section(t.page, w, "Invitations that I made", "takeaway-invite", t.mine.Invitations(t.ctx, t.actor))
		},
		func() error {
			return section(t.page, w, "Messages", "takeaway-message", t.mine.Utterances(t.ctx, t.actor, t.portrait.Upto))
		},
	} {
		if err := list(); err != nil {
			return err
		}
	}
	return t.page.ExecuteTemplate(w, "takeaway-foot", nil)
}

// section writes a list under a heading; nothing if it is empty.
func section[T any](page *template.Template, w io.Writer, title, name string, all iter.Seq2[T, error]) error {
	begun := false
	for row, err := range all {
		if err != nil {
			return err
		}
		if !begun {
			if err := page.ExecuteTemplate(w, "takeaway-section", title); err != nil {
				return err
			}
			begun = true
		}
		if err := page.ExecuteTemplate(w, name, row); err != nil {
			return err
		}
	}
	if !begun {
		return nil
	}
	_, err := io.WriteString(w, "</ul>\n")
	return err
}
