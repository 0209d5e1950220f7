package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/verify"
)

func TestPlan(t *testing.T) {
	amounts := verify.Amounts{
		Messages: 1000, Kills: 7, Stops: 2, PowerCuts: 3, SyncFails: 4, DiskFulls: 1, Backups: 2, Strikes: 5, Checks: 6,
		Resumes: 40, Stalls: 8, Readers: 3, Writers: 5, Points: []string{"log.sync=error@%[1]d-%[2]d", "clock=crash@%[1]d"},
	}
	plan := verify.Plan(7, amounts)
	t.Run("the same seed makes the same plan", func(t *testing.T) {
		if diff := cmp.Diff(plan, verify.Plan(7, amounts)); diff != "" {
			t.Errorf("(-first +second)\n%s", diff)
		}
	})
	t.Run("another seed makes another plan", func(t *testing.T) {
		if cmp.Diff(plan, verify.Plan(8, amounts)) == "" {
			t.Error("got the same plan")
		}
	})
	t.Run("it has what was asked for", func(t *testing.T) {
		got := map[verify.Act]int{}
		for _, s := range plan {
			act := s.Act
			if act == verify.DropAnswer {
				act = verify.CutWriter
			}
			got[act]++
		}
		want := map[verify.Act]int{
			verify.Kill: 7, verify.Stop: 2, verify.PowerCut: 3, verify.SyncFail: 4, verify.DiskFull: 1, verify.Backup: 2,
			verify.Strike: 5, verify.Check: 6, verify.CutReader: 40, verify.CutWriter: 40, verify.Stall: 8, verify.Leave: 8,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("its steps lie within the run, in order, and name clients that there are", func(t *testing.T) {
		last := 0
		for _, s := range plan {
			if s.At < last || s.At > amounts.Messages {
				t.Errorf("%v comes after %d", s, last)
			}
			last = s.At
			clients := map[verify.Act]int{verify.CutReader: 3, verify.Stall: 3, verify.Leave: 3, verify.CutWriter: 5, verify.DropAnswer: 5}[s.Act]
			if s.Client < 0 || s.Client >= max(1, clients) {
				t.Errorf("%v: there are %d clients", s, clients)
			}
		}
	})
	t.Run("failpoints take turns, with numbers", func(t *testing.T) {
		first := slices.IndexFunc(plan, func(s verify.Step) bool { return strings.HasPrefix(s.Point, "log.sync=error@") })
		second := slices.IndexFunc(plan, func(s verify.Step) bool { return strings.HasPrefix(s.Point, "clock=crash@") })
		if first < 0 || second < 0 || strings.Contains(plan[first].Point+plan[second].Point, "%") {
			t.Errorf("got %v", plan)
		}
	})
}
