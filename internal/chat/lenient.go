//go:build !fault_can

package chat

// lenient is the planted mistake that everybody may do everything. It is off.
const lenient = false
