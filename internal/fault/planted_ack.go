//go:build fault_ack

package fault

// Planted names the mistake that was planted into this program.
const Planted = EarlyAnswer
