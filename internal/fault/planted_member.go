//go:build fault_member

package fault

// Planted names the mistake that was planted into this program.
const Planted = TrustedCursor
