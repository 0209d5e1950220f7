//go:build !linux

package verify

import (
	"context"
	"fmt"
)

// A Disk cannot be had on this system: every NewDisk fails, and so none of the methods is ever called.
type Disk struct{}

// NewDisk returns ErrNoDisk.
func NewDisk(context.Context, string, int64) (*Disk, error) {
	return nil, fmt.Errorf("%w: this is not Linux", ErrNoDisk)
}

func (*Disk) Path() string { return "" }

func (*Disk) Drop() error { return ErrNoDisk }

func (*Disk) Remount(context.Context) error { return ErrNoDisk }

func (*Disk) Cut(context.Context) error { return ErrNoDisk }

func (*Disk) Fill() error { return ErrNoDisk }

func (*Disk) Free() error { return ErrNoDisk }

func (*Disk) Close() error { return nil }
