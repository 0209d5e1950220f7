package importer

import (
	"context"
	"crypto/sha256"
	"database/sql"

	"parley/internal/chat"
)

// batchBytes is how much text one transaction takes at most, unless a single message is larger.
const batchBytes = 4 << 20

// A batch is some messages that are brought in one transaction.
type batch struct {
	messages []chat.MessageImport
	changed  [][]string // for each message what had to be done to it
	bytes    int
	rows     int64 // of the source, with those that are in no batch
	skipped  []Note
}

// messages brings the messages that have not come. A goroutine reads ahead while this one has a batch stored; it has
// ended when messages returns.
func (r *run) messages(ctx context.Context, known comparison) error {
	r.report.Messages.Before = known.before
	if known.fresh == 0 {
		return nil
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	batches, failed := make(chan *batch), make(chan error, 1)
	go func() {
		failed <- r.readMessages(reading, known.first, batches)
		close(batches)
	}()
	var err error
	for b := range batches {
		if err == nil {
			err = r.bringMessages(ctx, b)
		}
		if err != nil {
			stop()
		}
	}
	if readErr := <-failed; err == nil {
		err = readErr
	}
	return err
}

// readMessages sends the messages from the id first on, in batches.
func (r *run) readMessages(ctx context.Context, first int64, batches chan<- *batch) error {
	b := &batch{}
	send := func() error {
		select {
		case batches <- b:
			b = &batch{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var last sql.NullInt64
	err := r.eachMessage(ctx, func(m messageRow) error {
		b.rows++
		repeated := last.Valid && last == m.id
		last = m.id
		switch {
		case !m.id.Valid:
			noteNameless(&b.skipped, "message", whyNoID)
			return nil
		case m.id.Int64 < first:
			return nil
		case repeated:
			note(&b.skipped, "message", whySameID, m.id.Int64)
			return nil
		}
		b.add(m)
		if len(b.messages) == chat.ImportBatch || b.bytes >= batchBytes {
			return send()
		}
		return nil
	})
	if err != nil || b.rows == 0 {
		return err
	}
	return send()
}

// add puts a row into the batch, or among those that are skipped.
func (b *batch) add(m messageRow) {
	skip := func(why string) { note(&b.skipped, "message", why, m.id.Int64) }
	room, ok := m.roomID()
	switch {
	case m.text.size > maxBytes || m.sender.size > maxBytes:
		skip(whyTooLarge)
		return
	case m.text.kind == "null":
		skip(whyNoText)
		return
	case !ok:
		skip(whyNoRoom)
		return
	}
	var changed []string
	because := func(why string) {
		if why != "" {
			changed = append(changed, why)
		}
	}
	text, why := m.text.storable()
	because(why)
	by, senderWhy := "", whyNoSender
	if m.sender.kind != "null" {
		by, senderWhy = m.sender.storable()
	}
	if senderWhy != why {
		because(senderWhy)
	}
	by, why = personName(by)
	because(why)
	author := sha256.Sum256([]byte(m.sender.text.String))
	b.messages = append(b.messages, chat.MessageImport{
		Source: m.id.Int64, Digest: m.digest(), Room: room, By: by, Text: text, Author: author[:16],
	})
	b.changed = append(b.changed, changed)
	b.bytes += len(text) + len(by)
}

// bringMessages has a batch stored and reports what became of it.
func (r *run) bringMessages(ctx context.Context, b *batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var fates chat.MessageFates
	if len(b.messages) > 0 {
		var err error
		if fates, err = r.to.Messages(context.WithoutCancel(ctx), b.messages); err != nil {
			return err
		}
	}
	r.report.Authors += fates.Authors
	for i, fate := range fates.Fates {
		id := b.messages[i].Source
		switch fate {
		case chat.ImportMade:
			r.report.Messages.Came++
			for _, why := range b.changed[i] {
				note(&r.report.Changed, "message", why, id)
			}
		case chat.ImportBefore:
			r.report.Messages.Before++
		case chat.ImportLost:
			note(&r.report.Skipped, "message", whyNoRoom, id)
		case chat.ImportGone:
			note(&r.report.Skipped, "message", whyRoomGone, id)
		}
	}
	for _, n := range b.skipped {
		total := noteFor(&r.report.Skipped, n.What, n.Why)
		total.Count += n.Count
		total.IDs = append(total.IDs, n.IDs[:min(len(n.IDs), listed-len(total.IDs))]...)
	}
	before := r.rowsDone / progressRows
	r.rowsDone += b.rows
	if r.rowsDone/progressRows > before || r.rowsDone == r.Source.messages {
		r.progress(Progress{Stage: "messages", Done: r.rowsDone, Total: r.Source.messages})
	}
	return nil
}
