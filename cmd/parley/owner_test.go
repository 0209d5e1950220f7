package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// allAtOnce has n browsers do something at the same moment.
func allAtOnce(n int, each func(i int)) {
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-begin
			each(i)
		})
	}
	close(begin)
	all.Wait()
}

// TestFirstOwner has 50 people open the printed set-up link at once, over real HTTP, again and again.
func TestFirstOwner(t *testing.T) {
	const people, rounds = 50, 3
	for range rounds {
		h := start(t)
		_, token, _ := strings.Cut(h.setup, "token=")
		browsers := make([]*person, people)
		statuses := make([]int, people)
		for i := range browsers {
			browsers[i] = h.nobody()
		}
		allAtOnce(people, func(i int) {
			statuses[i], _ = browsers[i].form("/-/setup", url.Values{
				"token": {token}, "username": {fmt.Sprintf("olga%d", i)}, "password": {"a horse of no battery"},
			})
		})
		owners, made := 0, 0
		for i, status := range statuses {
			switch {
			case status == http.StatusSeeOther:
				made++
			case status != http.StatusConflict && status != http.StatusNotFound && status != http.StatusServiceUnavailable:
				t.Errorf("browser %d: got %d, want to be told that there is an owner", i, status)
			}
			if response, _ := browsers[i].do("GET", "/admin/", nil); response.StatusCode == http.StatusOK {
				owners++
			}
		}
		if owners != 1 || made != 1 {
			t.Errorf("got %d owners, %d of whom were told so, want one", owners, made)
		}
		if status, _ := h.nobody().form("/-/setup", url.Values{"token": {token}, "username": {"late"}, "password": {"a horse of no battery"}}); status < 400 {
			t.Errorf("the link works again: %d", status)
		}
	}
}
