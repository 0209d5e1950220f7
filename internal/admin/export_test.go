package admin

// Patterns are the patterns of all routes.
func (s *Site) Patterns() []string {
	var patterns []string
	for _, route := range s.routes() {
		patterns = append(patterns, route.pattern)
	}
	return patterns
}
