//go:build !fault_sync

package store

// synchronous is the writer's setting of SQLite: the log is synced at each commit.
const synchronous = "synchronous(FULL)"
