//go:build !fault_ack && !fault_key && !fault_resume && !fault_member && !fault_sync

package fault

// Planted names the mistake that was planted into this program: none.
const Planted = ""
