package chat_test

import (
	"strings"
	"testing"

	"parley/internal/chat"
)

func TestCheckRoutes(t *testing.T) {
	good := []chat.Route{{Door: "api", Pattern: "GET /a", Verb: chat.Read}, {Door: "ws", Pattern: "open", Verb: chat.Read}}
	for name, test := range map[string]struct {
		routes []chat.Route
		want   string // in the error; "" for none
	}{
		"rows that there are":     {good, ""},
		"a row that there is not": {append(good, chat.Route{Door: "api", Pattern: "GET /b", Verb: "rule"}), `api GET /b has no row in the permission table: there is no verb "rule"`},
		"no row":                  {append(good, chat.Route{Door: "api", Pattern: "GET /b"}), "api GET /b has no row"},
		"a route twice":           {append(good, good[0]), "api GET /a is registered twice"},
	} {
		t.Run(name, func(t *testing.T) {
			err := chat.CheckRoutes(test.routes)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
