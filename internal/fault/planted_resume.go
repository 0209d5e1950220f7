//go:build fault_resume

package fault

// Planted names the mistake that was planted into this program.
const Planted = SkippedChange
