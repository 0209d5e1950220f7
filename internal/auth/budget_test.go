package auth_test

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/chat"
)

const home, elsewhere = "192.0.2.1:1", "198.51.100.2:1"

func TestAllow(t *testing.T) {
	t.Run("a user's burst ends and comes back", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		for n := range 100 {
			if err := g.Allow(request(home), auth.Post, 7); err != nil {
				t.Fatalf("post %d: %v", n+1, err)
			}
		}
		err := chat.AsError(g.Allow(request(home), auth.Post, 7))
		if err == nil || err.Kind != chat.RateLimited || err.RetryAfter != 1 {
			t.Fatalf("got %#v, want RateLimited for one second", err)
		}
		if err := g.Allow(request(home), auth.Post, 8); err != nil {
			t.Errorf("another user: %v", err)
		}
		if err := g.Allow(request(elsewhere), auth.Post, 7); err == nil {
			t.Error("the same user from elsewhere was let through")
		}
		if err := g.Allow(request(home), auth.Read, 7); err != nil {
			t.Errorf("another budget: %v", err)
		}
		c.Add(time.Duration(err.RetryAfter) * time.Second)
		if err := g.Allow(request(home), auth.Post, 7); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
	t.Run("reports, invitations and passwords have budgets of their own, by the user and by the /64", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		for budget, burst := range map[auth.Budget]struct{ user, network int }{
			auth.Report: {20, 80}, auth.Invite: {30, 100}, auth.SignIn: {20, 200},
		} {
			for range burst.user {
				if err := g.Allow(request("[2001:db8:1:2::1]:1"), budget, 7); err != nil {
					t.Fatalf("budget %d: %v", budget, err)
				}
			}
			if err := chat.AsError(g.Allow(request("[2001:db8:1:2::1]:1"), budget, 7)); err == nil || err.RetryAfter < 1 {
				t.Errorf("budget %d: got %v after %d, want to wait", budget, err, burst.user)
			}
			for n := range burst.network - burst.user {
				if err := g.Allow(request(fmt.Sprintf("[2001:db8:1:2::%x]:1", n+2)), budget, chat.UserID(100+n)); err != nil {
					t.Fatalf("budget %d of person %d: %v", budget, n, err)
				}
			}
			if err := g.Allow(request("[2001:db8:1:2:ffff::1]:1"), budget, 9999); err == nil {
				t.Errorf("budget %d: one more of the /64 was let through after %d", budget, burst.network)
			}
			if err := g.Allow(request("[2001:db8:1:3::1]:1"), budget, 9999); err != nil {
				t.Errorf("budget %d: the network beside it: %v", budget, err)
			}
		}
	})
	t.Run("two hundred people behind one address join, connect and talk within a minute", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		for person := range chat.UserID(200) {
			c.Add(time.Minute / 200)
			allow := func(b auth.Budget, who chat.UserID, times int) {
				for range times {
					if err := g.Allow(request(home), b, who); err != nil {
						t.Fatalf("budget %d of person %d: %v", b, person, err)
					}
				}
			}
			allow(auth.Read, 0, 2)
			allow(auth.Join, 0, 1)
			allow(auth.Create, 0, 1)
			allow(auth.Read, person+1, 5)
			allow(auth.Connect, person+1, 2)
			allow(auth.Post, person+1, 30)
		}
	})
}

func TestAllowPerAddress(t *testing.T) {
	t.Run("an address has an end as well, whoever it says it is", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		refused := 0
		for n := range chat.UserID(1000) {
			if g.Allow(request(home), auth.Join, n+1) != nil {
				refused++
			}
		}
		if refused != 600 {
			t.Errorf("got %d refused, want 600", refused)
		}
		if err := g.Allow(request(elsewhere), auth.Join, 0); err != nil {
			t.Errorf("another address: %v", err)
		}
	})
	t.Run("the addresses of one IPv6 network share a budget", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		var err error
		for n := range 401 {
			err = g.Allow(request(fmt.Sprintf("[2001:db8::%x]:1", n)), auth.Join, 0)
		}
		if chat.KindOf(err) != chat.RateLimited {
			t.Errorf("got %v, want RateLimited", err)
		}
		if err := g.Allow(request("[2001:db8:0:1::1]:1"), auth.Join, 0); err != nil {
			t.Errorf("another network: %v", err)
		}
	})
	t.Run("a refusal by the address takes nothing from the user", func(t *testing.T) {
		c := newClock()
		g := gate(t, auth.Config{Clock: c.Now})
		for range 400 {
			if err := g.Allow(request(home), auth.Join, 0); err != nil {
				t.Fatal(err)
			}
		}
		for range 100 {
			if err := g.Allow(request(home), auth.Join, 7); err == nil {
				t.Fatal("let through")
			}
		}
		if err := g.Allow(request(elsewhere), auth.Join, 7); err != nil {
			t.Errorf("got %v, want the user's budget untouched", err)
		}
	})
	t.Run("Unlimited lifts it", func(t *testing.T) {
		g := gate(t, auth.Config{Clock: newClock().Now, Unlimited: true})
		for range 10_000 {
			if err := g.Allow(request(home), auth.Create, 7); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What is remembered is bounded, or anybody with many addresses could fill the memory.
func TestAllowForgets(t *testing.T) {
	c := newClock()
	g := gate(t, auth.Config{Clock: c.Now})
	visit := func(from, to int) {
		for n := from; n < to; n++ {
			if err := g.Allow(request(fmt.Sprintf("10.%d.%d.%d:1", n>>16, n>>8&255, n&255)), auth.Join, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("those unused for longest when it is full", func(t *testing.T) {
		visit(0, auth.MaxRemembered+100)
		if got := g.Remembered(); got > auth.MaxRemembered {
			t.Errorf("got %d remembered, want at most %d", got, auth.MaxRemembered)
		}
	})
	t.Run("idle ones as new ones come", func(t *testing.T) {
		c.Add(time.Hour)
		visit(1<<20, 1<<20+auth.MaxRemembered)
		visit(1<<21, 1<<21+10)
		c.Add(time.Hour)
		visit(1<<22, 1<<22+1000)
		if got := g.Remembered(); got > auth.MaxRemembered-900 {
			t.Errorf("got %d remembered, want fewer with every new one", got)
		}
	})
}
