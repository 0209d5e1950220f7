package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestRunRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"a work that there is not":        {[]string{"--only", "nothing"}, `there is no work "nothing"; there are fanout`},
		"a subject that there is not":     {[]string{"--subject", "nothing"}, `there is no subject "nothing"; there are parley`},
		"to write a part of the document": {[]string{"--only", "fanout", "--write"}, "--write needs all works"},
		"no rounds at all":                {[]string{"--rounds", "0"}, "--rounds must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := run(context.Background(), test.args, &out, &errs)
			if code != 1 || !strings.Contains(errs.String(), test.want) || out.Len() > 0 {
				t.Errorf("got %d, %q and %q, want 1 and %q", code, out.String(), errs.String(), test.want)
			}
		})
	}
}
