//go:build fault_key

package fault

// Planted names the mistake that was planted into this program.
const Planted = ForgottenKeys
