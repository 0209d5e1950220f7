//go:build fault_sync

package store

// synchronous is the mistake: the log is synced only before it is emptied.
const synchronous = "synchronous(NORMAL)"
