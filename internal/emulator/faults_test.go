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
		check func(t *testing.T, got received)
	}{
		"refuse": {Refuse(403, "NoPermission", "no"), false, code(403, "NoPermission")},
		"throttle": {Throttle(1500 * time.Millisecond), false, func(t *testing.T, got received) {
			t.Helper()
			code(400, "Throttling.User")(t, got)
			if wait := got.header.Get("X-Acs-Retry-After"); wait != "1500" {
				t.Errorf("x-acs-retry-after is %q, want 1500", wait)
			}
		}},
		"throttle without a hint": {Throttle(0), false, func(t *testing.T, got received) {
			t.Helper()
			code(400, "Throttling.User")(t, got)
			if wait, there := got.header["X-Acs-Retry-After"]; there {
				t.Errorf("x-acs-retry-after is %q, want none", wait)
			}
		}},
		"expire token":      {ExpireToken(), false, code(400, "InvalidSecurityToken.Expired")},
		"reset before":      {ResetBefore(), false, connectionLost},
		"commit then reset": {CommitThenReset(), true, connectionLost},
		"commit then 500":   {CommitThen500(), true, code(500, "InternalError")},
		"502": {HTML502(), false, func(t *testing.T, got received) {
			t.Helper()
			if got.err != nil || got.status != http.StatusBadGateway || !strings.HasPrefix(got.text, "<html>") {
				t.Errorf("got %+v, want a page with status 502", got)
			}
		}},
		"empty body": {EmptyBody(), true, func(t *testing.T, got received) {
			t.Helper()
			if got.err != nil || got.status != http.StatusOK || got.text != "" {
				t.Errorf("got %+v, want 200 and nothing", got)
			}
		}},
		"truncated body": {TruncatedBody(), true, func(t *testing.T, got received) {
			t.Helper()
			if !errors.Is(got.err, io.ErrUnexpectedEOF) || got.status != http.StatusOK || got.text == "" {
				t.Errorf("got %+v, want half a body", got)
			}
		}},
		"delay": {Delay(time.Hour), true, func(t *testing.T, got received) {
			t.Helper()
			if date, want := got.header.Get("Date"), start.Format(http.TimeFormat); date != want {
				t.Errorf("the call arrived at %s, want %s", date, want)
			}
			if !strings.Contains(got.text, "2026-01-02T04:04:05Z") {
				t.Errorf("the user was not created an hour later: %s", got.text)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			s.Fail("CreateUser", test.fault)
			got := roundTrip(s.root.newRequest(ram, "CreateUser", params{"UserName": "bot"}))
			test.check(t, got)
			if exists := s.hasUser("bot"); exists != test.acted {
				t.Errorf("the user exists: %v, want %v", exists, test.acted)
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

// A request that never reached the service has not used up its nonce.
func TestFaults_unreachedLeavesTheNonce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault Fault
		again func(*testing.T, received)
	}{
		"reset before": {ResetBefore(), code(200, "")}, "502": {HTML502(), code(200, "")},
		"commit then reset": {CommitThenReset(), code(400, "SignatureNonceUsed")}, "refuse": {Refuse(403, "NoPermission", "no"), code(400, "SignatureNonceUsed")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			s.Fail("CreateUser", test.fault)
			request := s.root.newRequest(ram, "CreateUser", params{"UserName": "bot"})
			again := request.Clone(t.Context())
			if request.GetBody != nil {
				again.Body, _ = request.GetBody()
			}
			roundTrip(request)
			test.again(t, roundTrip(again))
		})
	}
}

// received is what reached the client; header and text are valid as far as they came.
type received struct {
	status int
	header http.Header
	text   string
	err    error
}

func code(status int, code string) func(*testing.T, received) {
	return func(t *testing.T, got received) {
		t.Helper()
		if got.err != nil {
			t.Fatal(got.err)
		}
		var body struct{ Code string }
		if err := json.Unmarshal([]byte(got.text), &body); err != nil {
			t.Fatal(err)
		}
		if got.status != status || body.Code != code {
			t.Errorf("got %d %s, want %d %s", got.status, body.Code, status, code)
		}
	}
}

func connectionLost(t *testing.T, got received) {
	t.Helper()
	if got.err == nil || got.status != 0 {
		t.Errorf("got %+v, want a lost connection", got)
	}
}

// roundTrip sends a request on a connection of its own and never repeats it, so that
// a reset stays one.
func roundTrip(r *http.Request) received {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	answered, err := transport.RoundTrip(r)
	if err != nil {
		return received{err: err}
	}
	defer answered.Body.Close()
	text, err := io.ReadAll(answered.Body)
	return received{answered.StatusCode, answered.Header, string(text), err}
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
