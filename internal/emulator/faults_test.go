package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (s *service) hasUser(name string) bool {
	account := s.Accounts()[0].ID
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Accounts[account].Users[name] != nil
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault Fault
		acted bool
		check func(t *testing.T, answered *http.Response, text []byte, err error)
	}{
		"refuse": {Refuse(403, "NoPermission", "no"), false, code(403, "NoPermission")},
		"throttle": {Throttle(1500 * time.Millisecond), false, func(t *testing.T, answered *http.Response, text []byte, err error) {
			code(400, "Throttling.User")(t, answered, text, err)
			if got := answered.Header.Get("X-Acs-Retry-After"); got != "1500" {
				t.Errorf("x-acs-retry-after is %q, want 1500", got)
			}
		}},
		"throttle without a hint": {Throttle(0), false, func(t *testing.T, answered *http.Response, text []byte, err error) {
			code(400, "Throttling.User")(t, answered, text, err)
			if got, there := answered.Header["X-Acs-Retry-After"]; there {
				t.Errorf("x-acs-retry-after is %q, want none", got)
			}
		}},
		"expire token":      {ExpireToken(), false, code(400, "InvalidSecurityToken.Expired")},
		"reset before":      {ResetBefore(), false, connectionLost},
		"commit then reset": {CommitThenReset(), true, connectionLost},
		"commit then 500":   {CommitThen500(), true, code(500, "InternalError")},
		"502": {HTML502(), false, func(t *testing.T, answered *http.Response, text []byte, err error) {
			if err != nil || answered.StatusCode != 502 || !strings.HasPrefix(string(text), "<html>") {
				t.Errorf("got %v %q, want a page with status 502", err, text)
			}
		}},
		"empty body": {EmptyBody(), true, func(t *testing.T, answered *http.Response, text []byte, err error) {
			if err != nil || answered.StatusCode != 200 || len(text) != 0 {
				t.Errorf("got %v %q, want 200 and nothing", err, text)
			}
		}},
		"truncated body": {TruncatedBody(), true, func(t *testing.T, answered *http.Response, text []byte, err error) {
			if !errors.Is(err, io.ErrUnexpectedEOF) || answered.StatusCode != 200 || len(text) == 0 {
				t.Errorf("got %v %q, want half a body", err, text)
			}
		}},
		"delay": {Delay(time.Hour), true, func(t *testing.T, answered *http.Response, text []byte, err error) {
			if got, want := answered.Header.Get("Date"), start.Format(http.TimeFormat); got != want {
				t.Errorf("the call arrived at %s, want %s", got, want)
			}
			if !strings.Contains(string(text), "2026-01-02T04:04:05Z") {
				t.Errorf("the user was not created an hour later: %s", text)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			s.Fail("CreateUser", test.fault)
			answered, text, err := roundTrip(s.root.newRequest(ram, "CreateUser", params{"UserName": "bot"}))
			test.check(t, answered, text, err)
			if got := s.hasUser("bot"); got != test.acted {
				t.Errorf("the user exists: %v, want %v", got, test.acted)
			}
			if pending := s.PendingFaults(); len(pending) != 0 {
				t.Errorf("%v is still pending, want nothing", pending)
			}
			if line := s.Requests()[0]; line.Fault == "" || line.Operation != "CreateUser" {
				t.Errorf("the log does not name the fault: %+v", line)
			}
			s.root.must(ram, "CreateUser", params{"UserName": "next"})
		})
	}
}

func code(status int, code string) func(*testing.T, *http.Response, []byte, error) {
	return func(t *testing.T, answered *http.Response, text []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ Code string }
		if err := json.Unmarshal(text, &body); err != nil {
			t.Fatal(err)
		}
		if answered.StatusCode != status || body.Code != code {
			t.Errorf("got %d %s, want %d %s", answered.StatusCode, body.Code, status, code)
		}
	}
}

func connectionLost(t *testing.T, _ *http.Response, text []byte, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("got the answer %q, want a lost connection", text)
	}
}

// roundTrip sends a request on a connection of its own and never repeats it, so that
// a reset stays one.
func roundTrip(r *http.Request) (*http.Response, []byte, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	answered, err := transport.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer answered.Body.Close()
	text, err := io.ReadAll(answered.Body)
	return answered, text, err
}

func TestFaultsWaitInLinePerOperation(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.Fail("GetUser", Refuse(503, "ServiceUnavailable", "later"), CommitThen500())
	s.Fail("ListUsers", StaleReads(2))
	want := []string{"GetUser: Refuse(ServiceUnavailable)", "GetUser: CommitThen500", "ListUsers: StaleRead", "ListUsers: StaleRead"}
	if diff := cmp.Diff(want, s.PendingFaults()); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.as(Key{s.root.key.ID, "wrong"}).do(ram, "GetUser", params{"UserName": "bot"}) // meets no fault
	s.root.refused(ram, "GetUser", params{"UserName": "bot"}, 503, "ServiceUnavailable")
	s.root.refused(ram, "GetUser", params{"UserName": "bot"}, 500, "InternalError")
	s.root.must(ram, "GetUser", params{"UserName": "bot"})
	for call, want := range []int{0, 0, 1} {
		if got := len(s.root.must(ram, "ListUsers", nil).each("Users.User", "UserName")); got != want {
			t.Errorf("list %d shows %d users, want %d", call+1, got, want)
		}
	}
	if pending := s.PendingFaults(); len(pending) != 0 {
		t.Errorf("%v is still pending, want nothing", pending)
	}
}
