package problem_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/internal/chat"
	"parley/internal/problem"
)

func TestStatus(t *testing.T) {
	for _, kind := range chat.Kinds {
		if got := problem.Status(chat.Errorf(kind, "", "x")); got < 400 || got > 599 {
			t.Errorf("kind %q has status %d, want an error's", kind, got)
		}
	}
	if got := problem.Status(errors.New("boom")); got != http.StatusInternalServerError {
		t.Errorf("a stranger's error has status %d, want 500", got)
	}
}

func TestWrite(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	write := func(err error) (*httptest.ResponseRecorder, map[string]any) {
		t.Helper()
		w := httptest.NewRecorder()
		problem.Write(w, httptest.NewRequest("GET", "/", nil), logger, err)
		var body map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		return w, body
	}
	t.Run("names code and field", func(t *testing.T) {
		e := chat.Errorf(chat.RateLimited, "text", "Slow down.")
		e.RetryAfter = 7
		w, body := write(e)
		if w.Code != 429 || w.Header().Get("Retry-After") != "7" || body["code"] != "rate_limited" || body["field"] != "text" || body["detail"] != "Slow down." {
			t.Errorf("got %d %v %v", w.Code, w.Header(), body)
		}
	})
	t.Run("gives nothing of an unexpected error away", func(t *testing.T) {
		w, body := write(errors.New("secret path"))
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || body["code"] != "internal" {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
		if !strings.Contains(log.String(), "secret path") {
			t.Errorf("the log lacks the cause: %s", log.String())
		}
	})
}
