// A program with a point, that says so.
package main

import (
	"fmt"

	"parley/internal/fault"
)

func main() {
	fault.Migrating(true)
	fault.Point(fault.Commit)
	if fault.Now() != nil {
		fault.Point(fault.Migration)
	}
	fmt.Println("a program with a point", fault.Planted)
}
