//go:build fault

package fault

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// How SQLite's files are watched: its way of opening files is replaced by one that gives each database and log the methods
// it would have, except for those that write and sync.

type (
	openFile  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	writeFile = func(tls *libc.TLS, file, data uintptr, length int32, offset int64) int32
	syncFile  = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// A methods is SQLite's table of a file's methods. It must not be moved or freed while files are open: all are kept.
type methods = sqlite3.Tsqlite3_io_methods

var (
	watchedMu sync.Mutex
	watched   = map[uintptr]*[2]*methods{} // by the table they stand for: of databases, and of logs
	kept      []any                        // functions that only SQLite knows

	// logged says that a log was opened. A database that has none yet is written to be made one that has.
	logged atomic.Bool
)

// at is what lies at an address of SQLite's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// call makes a function of SQLite's callable.
func call[F any](pointer uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{pointer})) }

// pointer is a function as SQLite knows it. It is kept for ever.
func pointer[F any](f F) uintptr {
	kept = append(kept, f)
	return *(*uintptr)(unsafe.Pointer(&f))
}

// watchFiles has the points of files be reached, if anything is planned for one of them.
func watchFiles() error {
	planned := false
	for _, name := range []Name{Migration, LogWrite, LogSync, CheckpointWrite, CheckpointSync} {
		planned = planned || len(plan[name].rules) > 0
	}
	if !planned {
		return nil
	}
	tls := libc.NewTLS()
	defer tls.Close()
	if sqlite3.Xsqlite3_initialize(tls) != sqlite3.SQLITE_OK {
		return errors.New("fault: SQLite does not start")
	}
	vfs := at[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(tls, 0))
	opening := call[openFile](vfs.FxOpen)
	vfs.FxOpen = pointer(func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
		rc := opening(tls, vfs, name, file, flags, out)
		table := &at[sqlite3.Tsqlite3_file](file).FpMethods
		if rc != sqlite3.SQLITE_OK || *table == 0 || name == 0 || !strings.HasPrefix(base(libc.GoString(name)), "parley.db") {
			return rc
		}
		switch {
		case flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0:
			*table = watch(*table)[0]
		case flags&sqlite3.SQLITE_OPEN_WAL != 0:
			*table = watch(*table)[1]
			logged.Store(true)
		}
		return rc
	})
	return nil
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// watch are the tables to use instead of one.
func watch(table uintptr) [2]uintptr {
	watchedMu.Lock()
	defer watchedMu.Unlock()
	both := watched[table]
	if both == nil {
		original := at[methods](table)
		write, sync := call[writeFile](original.FxWrite), call[syncFile](original.FxSync)
		database, log := *original, *original
		database.FxWrite = pointer(func(tls *libc.TLS, file, data uintptr, length int32, offset int64) int32 {
			if logged.Load() && hit(CheckpointWrite) {
				return sqlite3.SQLITE_IOERR_WRITE
			}
			return write(tls, file, data, length, offset)
		})
		database.FxSync = pointer(func(tls *libc.TLS, file uintptr, flags int32) int32 {
			if logged.Load() && hit(CheckpointSync) {
				return sqlite3.SQLITE_IOERR_FSYNC
			}
			return sync(tls, file, flags)
		})
		log.FxWrite = pointer(func(tls *libc.TLS, file, data uintptr, length int32, offset int64) int32 {
			if migrating.Load() {
				hit(Migration)
			}
			if hit(LogWrite) {
				return sqlite3.SQLITE_IOERR_WRITE
			}
			return write(tls, file, data, length, offset)
		})
		log.FxSync = pointer(func(tls *libc.TLS, file uintptr, flags int32) int32 {
			if hit(LogSync) {
				return sqlite3.SQLITE_IOERR_FSYNC
			}
			return sync(tls, file, flags)
		})
		both = &[2]*methods{&database, &log}
		watched[table] = both
	}
	return [2]uintptr{uintptr(unsafe.Pointer(both[0])), uintptr(unsafe.Pointer(both[1]))}
}
