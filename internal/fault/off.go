//go:build !fault

package fault

import "time"

// Enabled tells whether this program has failpoints.
const Enabled = false

// Point says that a point is reached.
func Point(Name) {}

// Migrating says that migrations begin or have ended.
func Migrating(bool) {}

// Now is the clock that jumps, nil without failpoints.
func Now() func() time.Time { return nil }
