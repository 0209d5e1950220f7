package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// A Disk is a file system of its own, ext4 on a loop device, from which the power can be taken: what was not synced is gone
// then, and what was is there. Its methods must not be called concurrently.
//
// Taking the power is ext4's shutdown request: pages that were only written are thrown away with the part of the journal
// that was not committed, as in Linux' own tests of file systems. What the file system had sent to the device by itself is
// kept: a device's own volatile cache is not imitated.
type Disk struct {
	image, mount string
	mounted      bool
}

const (
	// shutdownRequest is EXT4_IOC_SHUTDOWN, _IOR('X', 125, u32), of linux/fs/ext4/ext4.h …
	shutdownRequest = 0x8004587d
	// … and noLogFlush is EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is written.
	noLogFlush = uint32(2)

	// leastDisk is room for the journal and a little data.
	leastDisk = 16 << 20
	// busyTime is how long unmounting waits for the files of a process that was just killed to be closed.
	busyTime = 10 * time.Second
	// toolTime bounds each run of mke2fs, mount and umount.
	toolTime = time.Minute
	// ballast is the file that Fill makes.
	ballast = "ballast"
)

// NewDisk makes a file system of that many bytes, at least 16 MiB, in an image file in dir and mounts it beside that. The
// image is sparse: it takes as much room in dir as has been written. Where a Disk cannot be had the error is ErrNoDisk. Close
// must be called at the end: a mount outlives the process.
func NewDisk(ctx context.Context, dir string, bytes int64) (*Disk, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: it takes root to mount one", ErrNoDisk)
	}
	for _, tool := range []string{"mke2fs", "mount", "umount"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoDisk, err)
		}
	}
	home, err := os.MkdirTemp(dir, "disk-")
	if err != nil {
		return nil, err
	}
	d := &Disk{image: filepath.Join(home, "image"), mount: filepath.Join(home, "mount")}
	err = d.format(ctx, max(bytes, leastDisk))
	if err == nil {
		if err = d.attach(ctx); err != nil {
			err = fmt.Errorf("%w: %w", ErrNoDisk, err)
		}
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(home))
	}
	return d, nil
}

func (d *Disk) format(ctx context.Context, bytes int64) error {
	if err := os.Mkdir(d.mount, 0o700); err != nil {
		return err
	}
	image, err := os.OpenFile(d.image, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(image.Truncate(bytes), image.Close()); err != nil {
		return err
	}
	// No blocks are kept for root, so that a full disk is full for everybody.
	return run(ctx, "mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", "-E", "lazy_itable_init=1", d.image)
}

func (d *Disk) attach(ctx context.Context) error {
	err := run(ctx, "mount", "-t", "ext4", "-o", "loop", d.image, d.mount)
	d.mounted = err == nil
	return err
}

// detach unmounts; the kernel gives the loop device back by itself. Files that are still open are waited for.
func (d *Disk) detach(ctx context.Context) error {
	if !d.mounted {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, busyTime)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		err := syscall.Unmount(d.mount, 0)
		if err == nil {
			d.mounted = false
			return nil
		}
		if !errors.Is(err, syscall.EBUSY) {
			return fmt.Errorf("unmounting %s: %w", d.mount, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("unmounting %s: some process has files open there: %w", d.mount, err)
		case <-again.C:
		}
	}
}

// Path is the folder to keep data in, the file system's root.
func (d *Disk) Path() string { return d.mount }

// Drop takes the power away: whatever was not synced is lost, and every later use of the file system fails until Remount.
// Processes that use it may be killed before or, which is harder, after it.
func (d *Disk) Drop() error {
	root, err := os.Open(d.mount)
	if err != nil {
		return err
	}
	flag := noLogFlush
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, root.Fd(), shutdownRequest, uintptr(unsafe.Pointer(&flag)))
	if errno != 0 {
		return errors.Join(fmt.Errorf("shutting down the file system %s: %w", d.mount, errno), root.Close())
	}
	return root.Close()
}

// Remount gives the power back: the file system comes up from what is on the device, by its journal. Processes that had
// files open there must have been killed; it waits a little for the last of them.
func (d *Disk) Remount(ctx context.Context) error {
	if err := d.detach(ctx); err != nil {
		return err
	}
	return d.attach(ctx)
}

// Cut is Drop and Remount, for when nobody uses the file system.
func (d *Disk) Cut(ctx context.Context) error {
	if err := d.Drop(); err != nil {
		return err
	}
	return d.Remount(ctx)
}

// Fill leaves not a block free. What a file already has can still be written over: SQLite goes on until its log has to grow.
func (d *Disk) Fill() error {
	file, err := os.OpenFile(filepath.Join(d.mount, ballast), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(d.fill(file), file.Close())
}

func (d *Disk) fill(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	for step := int64(1) << 30; ; {
		// Blocks that were given back are free when the journal says so, and those promised to written pages are not.
		var state syscall.Statfs_t
		if err := errors.Join(file.Sync(), syscall.Fstatfs(int(file.Fd()), &state)); err != nil {
			return err
		}
		block := int64(state.Bsize)
		if state.Bfree == 0 || step < block {
			return nil
		}
		step = min(step, int64(state.Bfree)*block)
		switch err := syscall.Fallocate(int(file.Fd()), 0, size, step); {
		case err == nil:
			size += step
		case errors.Is(err, syscall.ENOSPC):
			step /= 2 // some blocks are for what describes the others
		case !errors.Is(err, syscall.EINTR):
			return fmt.Errorf("filling the disk: %w", err)
		}
	}
}

// Free gives back what Fill took, also if the power is cut right afterwards.
func (d *Disk) Free() error {
	err := os.Remove(filepath.Join(d.mount, ballast))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	root, err := os.Open(d.mount)
	if err != nil {
		return err
	}
	return errors.Join(root.Sync(), root.Close())
}

// Close unmounts and removes the file system with all that is in it. Nobody may have files open there any more.
func (d *Disk) Close() error {
	if err := d.detach(context.Background()); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Dir(d.image))
}

// run runs a tool, and makes what it complains about the error.
func run(ctx context.Context, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, toolTime)
	defer cancel()
	output, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(output)))
	}
	return nil
}
