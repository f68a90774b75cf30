package ramclient

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// A request is what the fake was asked.
type request struct {
	Action, Version string
	Query, Body     url.Values
}

// fake is a service that answers each action with what a test wrote for it.
type fake struct {
	*httptest.Server
	mu       sync.Mutex
	answers  map[string]func(request) string // a body that begins with a status is an error
	requests []request
}

func newFake(t *testing.T, answers map[string]func(request) string) *fake {
	t.Helper()
	f := &fake{answers: answers}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		panic(err)
	}
	got := request{r.Header.Get("x-acs-action"), r.Header.Get("x-acs-version"), r.URL.Query(), r.PostForm}
	f.mu.Lock()
	f.requests = append(f.requests, got)
	answer := f.answers[got.Action]
	f.mu.Unlock()
	if answer == nil {
		answer = func(request) string { return refusal(404, "InvalidAction.NotFound") }
	}
	body := answer(got)
	status := http.StatusOK
	if body[0] != '{' {
		if _, err := fmt.Sscanf(body, "%d", &status); err != nil {
			panic(err)
		}
		body = body[4:]
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// answer changes what the fake says to an action.
func (f *fake) answer(action, body string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[action] = always(body)
}

func refusal(status int, code string) string {
	return fmt.Sprintf(`%d {"RequestId":"R","Code":%q,"Message":"m"}`, status, code)
}

func always(body string) func(request) string { return func(request) string { return body } }

// sent gives the requests so far.
func (f *fake) sent() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.requests)
}

// counts is how often each action was asked for, as "GetUser: 3".
func (f *fake) counts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	byAction := map[string]int{}
	for _, r := range f.requests {
		byAction[r.Action]++
	}
	var counts []string
	for _, action := range slices.Sorted(maps.Keys(byAction)) {
		counts = append(counts, fmt.Sprintf("%s: %d", action, byAction[action]))
	}
	return counts
}

type testCredentials struct{}

func (testCredentials) Credentials(context.Context) (rpc.Credentials, error) {
	return rpc.Credentials{AccessKeyID: "testid", AccessKeySecret: rpc.NewSecret("testsecret")}, nil
}

func (f *fake) client() *Client {
	return New(Config{
		Credentials: testCredentials{},
		Endpoints:   Endpoints{RAM: f.URL, IMS: f.URL, STS: f.URL, ResourceManager: f.URL},
		HTTPClient:  f.Client(),
		Clock:       clock.NewFake(start),
		MaxRetries:  -1,
	})
}
