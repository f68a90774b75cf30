package rpc

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

func TestServerTimeFollowsTheDateOfAnswers(t *testing.T) {
	t.Parallel()
	own := time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
	ahead := 4 * time.Minute
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", own.Add(ahead).Format(http.TimeFormat))
		_, _ = io.WriteString(w, `{"RequestId":"R"}`)
	}))
	t.Cleanup(server.Close)
	c := New(Config{Endpoints: map[string]string{"X": server.URL}, Clock: clock.NewFake(own)})
	if got := c.ServerTime(); !got.Equal(own) {
		t.Errorf("before the first answer it is %s, want the client's own %s", got, own)
	}
	if err := c.Do(t.Context(), Operation{Product: "X", Name: "Get", Retry: RetryAlways, Unsigned: true}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := c.ServerTime(), own.Add(ahead); !got.Equal(want) {
		t.Errorf("after it, it is %s, want %s", got, want)
	}
}
