package verify

import "errors"

// ErrNoDisk says that a Disk cannot be had here, wrapped with the reason: it takes Linux, root, loop devices, mke2fs and
// mount.
var ErrNoDisk = errors.New("no disk of its own can be had")
