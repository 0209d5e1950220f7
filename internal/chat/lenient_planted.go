//go:build fault_can

package chat

// lenient is the planted mistake that everybody may do everything. The authorization matrix must find it.
const lenient = true
