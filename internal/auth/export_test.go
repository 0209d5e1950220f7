package auth

// MaxRemembered is for tests.
const MaxRemembered = maxRemembered

// Remembered is how many budgets are being kept.
func (g *Gate) Remembered() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.buckets.byKey)
}
