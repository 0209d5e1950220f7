//go:build fault_sync

package fault

// Planted names the mistake that was planted into this program.
const Planted = NoSync
