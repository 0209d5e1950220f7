package store

const (
	// authors are all messages by their authors: those of the index, and the newest, which are not in it yet.
	authors = `(SELECT user_id, id FROM message_authors UNION ALL
	SELECT user_id, id FROM messages WHERE id > (SELECT authors FROM message_tails))`
	// byAuthor are the messages in the order of authors.
	byAuthor = authors + ` CROSS JOIN messages USING (user_id, id)`
)
