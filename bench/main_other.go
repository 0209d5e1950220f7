//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: it reads /proc and binds to cores, and so needs Linux.")
	os.Exit(1)
}
