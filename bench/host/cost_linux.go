package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// tick is what /proc counts processor time in: USER_HZ, which is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// CPU is the processor time that the process has used, in user and in kernel mode.
func (s *Process) CPU() (time.Duration, error) { return cpu(strconv.Itoa(s.ID())) }

// OwnCPU is CPU of the bench itself.
func OwnCPU() (time.Duration, error) { return cpu("self") }

func cpu(id string) (time.Duration, error) {
	text, err := os.ReadFile("/proc/" + id + "/stat")
	if err != nil {
		return 0, err
	}
	// The second field is the name in parentheses, which may hold anything: utime and stime are the 12th and 13th behind it.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%s/stat is too short", id)
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	kernel, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+kernel) * tick, errors.Join(err1, err2)
}

// Memory is the process's memory that is in use, in bytes: what it holds alone or shares with others (RSS), and of that what
// no file is behind (anonymous).
type Memory struct{ Resident, Anonymous int64 }

// Memory reads how much memory the process holds now.
func (s *Process) Memory() (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", s.ID()))
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[2] != "kB" {
			continue
		}
		n, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case "Rss:":
			m.Resident = n << 10
		case "Anonymous:":
			m.Anonymous = n << 10
		}
	}
	if m.Resident == 0 {
		return m, errors.New("smaps_rollup tells no Rss")
	}
	return m, nil
}

// Files is how many files, and so connections, a process may have open. Go's own programs take all they may.
func Files() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return limit.Max
}

// filesystems are the names of the kernel's numbers, of those that people have.
var filesystems = map[int64]string{
	0xef53: "ext4", 0x58465342: "XFS", 0x9123683e: "Btrfs", 0x2fc12fc1: "ZFS", 0x794c7630: "overlayfs", 0x6969: "NFS",
	0x01021994: "tmpfs, which is memory: nothing there is durable",
}

// Filesystem is what a directory lies on.
func Filesystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "an unknown file system"
	}
	if name := filesystems[int64(s.Type)]; name != "" {
		return name
	}
	return fmt.Sprintf("file system %#x", s.Type)
}

// cores is a set of processor cores, as the kernel has it.
type cores [16]uint64

func only(core int) cores {
	var c cores
	c[(core-1)/64] = 1 << ((core - 1) % 64)
	return c
}

func affinity(thread int) (c cores, err error) {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, uintptr(thread), unsafe.Sizeof(c), uintptr(unsafe.Pointer(&c)))
	if errno != 0 {
		err = fmt.Errorf("sched_getaffinity: %w", errno)
	}
	return c, err
}

func bind(thread int, c cores) error {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(thread), unsafe.Sizeof(c), uintptr(unsafe.Pointer(&c)))
	if errno != 0 {
		return fmt.Errorf("sched_setaffinity: %w", errno)
	}
	return nil
}

// Pin binds all threads of the bench to one core, counted from 1, until undo is called.
func Pin(core int) (undo func() error, err error) {
	was, err := affinity(os.Getpid())
	if err != nil {
		return nil, err
	}
	if err := bindAll(only(core)); err != nil {
		return nil, err
	}
	return func() error { return bindAll(was) }, nil
}

// bindAll binds every thread there is; new ones inherit it from those who make them.
func bindAll(c cores) error {
	for range 2 { // again for threads that were made meanwhile
		tasks, err := filepath.Glob("/proc/self/task/*")
		if err != nil {
			return err
		}
		for _, task := range tasks {
			id, err := strconv.Atoi(filepath.Base(task))
			if err != nil {
				return err
			}
			if err := bind(id, c); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		}
	}
	return nil
}

// A Machine is where the figures come from.
type Machine struct {
	Processor string
	Cores     int
	Kernel    string
	Go        string
}

// ThisMachine describes the machine.
func ThisMachine() Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), Processor: "unknown", Kernel: "unknown"}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				m.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = "Linux " + strings.TrimSpace(string(text))
	}
	return m
}
