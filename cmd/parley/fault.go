//go:build fault

package main

import (
	"fmt"
	"os"

	"parley/internal/fault"
)

// A program with failpoints is told by its environment what to do at them.
func init() {
	if err := fault.Arm(os.Getenv("PARLEY_FAULT")); err != nil {
		fmt.Fprintln(os.Stderr, "parley: PARLEY_FAULT:", err)
		os.Exit(2)
	}
}
