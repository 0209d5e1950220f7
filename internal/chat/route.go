package chat

import "fmt"

// A Route is something that a door serves, registered together with its row of the permission table: a pattern of HTTP, or a
// verb of a socket.
type Route struct {
	Door    string // the package that serves it: "api"
	Pattern string // "GET /api/v1/me", or of a socket the verb: "open"
	Verb    Verb   // its row
}

// String is the route as a line of a list: "api GET /api/v1/me".
func (r Route) String() string { return r.Door + " " + r.Pattern }

// CheckRoutes returns an error that names the first route without a row in the permission table, or that is served twice.
// What it refuses must not be served.
func CheckRoutes(routes []Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		switch {
		case !Known(r.Verb):
			return fmt.Errorf("the route %s has no row in the permission table: there is no verb %q", r, r.Verb)
		case seen[r.String()]:
			return fmt.Errorf("the route %s is registered twice", r)
		}
		seen[r.String()] = true
	}
	return nil
}
