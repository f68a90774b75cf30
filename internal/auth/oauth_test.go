package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// oauthHost is the vendor's OAuth host as strict as can be: a refresh token works once.
// Its n-th tokens are testtoken-access-n and testtoken-refresh-n; it begins with the
// first, whose access token has expired.
type oauthHost struct {
	clock    clock.Clock
	clientID string        // default that of CN
	lifetime time.Duration // of sessions; default an hour
	noRotate bool          // answers have no refresh token, and the old one stays good
	// atToken and atExchange are told of each request before it is worked on, and answer
	// in its place unless the status is 0.
	atToken, atExchange func(n int) (status int, body string)

	mu         sync.Mutex
	generation int
	access     []string // good ones
	refreshes  int      // granted
	refusals   int
	tokens     int // requests
	exchanges  int // requests
	faults     []string
}

func newOAuthHost(c clock.Clock) *oauthHost { return &oauthHost{clock: c, generation: 1} }

func (h *oauthHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, body := http.StatusNotFound, `{}`
	switch r.Method + " " + r.URL.RequestURI() {
	case "POST /v1/token":
		if status, body = h.count(&h.tokens, h.atToken); status == 0 {
			status, body = h.token(r)
		}
	case "POST /v1/exchange":
		if status, body = h.count(&h.exchanges, h.atExchange); status == 0 {
			status, body = h.exchange(r)
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func (h *oauthHost) count(requests *int, at func(int) (int, string)) (int, string) {
	h.mu.Lock()
	*requests++
	n := *requests
	h.mu.Unlock()
	if at == nil {
		return 0, ""
	}
	return at(n)
}

func (h *oauthHost) token(r *http.Request) (int, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	clientID := h.clientID
	if clientID == "" {
		clientID = "4038181954557748008"
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "refresh_token" || r.PostForm.Get("client_id") != clientID || len(r.PostForm) != 3 {
		h.faults = append(h.faults, fmt.Sprintf("POST /v1/token with %d fields of client %s", len(r.PostForm), r.PostForm.Get("client_id")))
		return 400, `{"error":"invalid_request","requestId":"R-1"}`
	}
	if got := r.PostForm.Get("refresh_token"); got != fmt.Sprintf("testtoken-refresh-%d", h.generation) {
		h.refusals++
		return 400, fmt.Sprintf(`{"error":"invalid_grant","error_description":"%s is void","requestId":"R-1"}`, got)
	}
	h.refreshes++
	access := fmt.Sprintf("testtoken-access-%d", h.refreshes+1)
	h.access = append(h.access, access)
	if h.noRotate {
		return 200, fmt.Sprintf(`{"access_token":%q,"expires_in":3600,"token_type":"Bearer"}`, access)
	}
	h.generation++
	return 200, fmt.Sprintf(`{"access_token":%q,"refresh_token":"testtoken-refresh-%d","expires_in":3600,"token_type":"Bearer"}`, access, h.generation)
}

func (h *oauthHost) exchange(r *http.Request) (int, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.ContentLength != 0 || r.Header.Get("Content-Type") != "application/json" {
		h.faults = append(h.faults, fmt.Sprintf("POST /v1/exchange with %d bytes of %s", r.ContentLength, r.Header.Get("Content-Type")))
	}
	if !slices.Contains(h.access, token) {
		return 401, fmt.Sprintf(`{"error":"expired_token","error_description":"%s is void","requestId":"R-1"}`, token)
	}
	lifetime := h.lifetime
	if lifetime == 0 {
		lifetime = time.Hour
	}
	return 200, fmt.Sprintf(`{"requestId":"R-1","accessKeyId":"STS.%s","accessKeySecret":"testsecret","securityToken":"testtoken","expiration":%q}`,
		strings.TrimPrefix(token, "testtoken-"), h.clock.Now().Add(lifetime).UTC().Format(time.RFC3339))
}

// counts is what happened so far.
func (h *oauthHost) counts(t *testing.T) string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, fault := range h.faults {
		t.Error(fault)
	}
	return fmt.Sprintf("%d refreshed, %d refused, %d exchanges", h.refreshes, h.refusals, h.exchanges)
}

// oauthKeys are a profile's keys of a login at CN with the n-th tokens.
func oauthKeys(n int, end time.Time) string {
	return fmt.Sprintf(`"oauth_site_type":"CN","oauth_access_token":"testtoken-access-%d","oauth_refresh_token":"testtoken-refresh-%d","oauth_access_token_expire":%d`, n, n, end.Unix())
}

// expiredLogin is config.json with the first tokens of an oauthHost.
func expiredLogin(now time.Time) string {
	return loginProfile("OAuth", oauthKeys(1, now.Add(-time.Hour)))
}

// wantTokens checks that config.json holds the n-th tokens until end and is otherwise
// what it was.
func wantTokens(t *testing.T, path string, n int, end time.Time) {
	t.Helper()
	content, err := os.ReadFile(path)
	if want := loginProfile("OAuth", oauthKeys(n, end)); err != nil || string(content) != want {
		t.Errorf("config.json is %v\n%s\nwant\n%s", err, content, want)
	}
}

// oauthTest is a host and a machine with an expired login there.
func oauthTest(t *testing.T) (*oauthHost, Machine, string, EndpointConfig) {
	t.Helper()
	machine, path := diskMachine(t, nil, expiredLogin(testStart))
	host := newOAuthHost(machine.Clock)
	return host, machine, path, EndpointConfig{OAuth: serve(t, host.ServeHTTP)}
}

func TestOAuthRefreshThenExchange(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	source := resolveProfile(t, machine, endpoints, nil)
	c := mustCredentials(t, source)
	if c.AccessKeyID != "STS.access-2" || c.AccessKeySecret.Reveal() != testSecret || c.SecurityToken.Reveal() != testToken || !c.Expiration.Equal(testStart.Add(time.Hour)) {
		t.Errorf("got %s until %s, want STS.access-2 for an hour", c.AccessKeyID, c.Expiration)
	}
	wantTokens(t, path, 2, testStart.Add(time.Hour))
	if left := onlyIn(t, filepath.Dir(path), "config.json", "config.json.lock"); len(left) > 0 {
		t.Errorf("left behind %q", left)
	}
	if got, want := host.counts(t), "1 refreshed, 0 refused, 1 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	noSecrets(t, source.Summary())
}

func TestOAuthCachedSTSNeedsNoCall(t *testing.T) {
	t.Parallel()
	machine, _ := diskMachine(t, nil, loginProfile("OAuth", oauthKeys(1, testStart.Add(-time.Hour))+","+savedSTS(testStart.Add(time.Hour))))
	host := newOAuthHost(machine.Clock)
	source := resolveProfile(t, machine, EndpointConfig{OAuth: serve(t, host.ServeHTTP)}, nil)
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.saved" {
		t.Errorf("got %s, want STS.saved", got)
	}
	if got, want := host.counts(t), "0 refreshed, 0 refused, 0 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOAuthAccessTokenIsRefreshedUnderFiveMinutes(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		301 * time.Second: "0 refreshed, 0 refused, 1 exchanges",
		300 * time.Second: "1 refreshed, 0 refused, 1 exchanges",
	} {
		machine, _ := diskMachine(t, nil, loginProfile("OAuth", oauthKeys(1, testStart.Add(left))))
		host := newOAuthHost(machine.Clock)
		host.access = []string{"testtoken-access-1"}
		mustCredentials(t, resolveProfile(t, machine, EndpointConfig{OAuth: serve(t, host.ServeHTTP)}, nil))
		if got := host.counts(t); got != want {
			t.Errorf("%s left: %s, want %s", left, got, want)
		}
	}
}

// Whatever becomes of the exchange, the rotated token is on disk.
func TestOAuthExchangeFailsAfterRotation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   []string
		over   bool
	}{
		"5xx":               {500, "<html>testsecret</html>", []string{"exchange of the OAuth token", "HTTP status 500"}, false},
		"403":               {403, `{"error":"access_denied","error_description":"unauthorized call","requestId":"R-1"}`, []string{"HTTP status 403, access_denied: unauthorized call (RequestId R-1). A RAM administrator has to assign official-cli to this user or role"}, false},
		"no JSON":           {200, "testsecret", []string{"not the expected JSON"}, false},
		"no key":            {200, `{"accessKeyId":"x"}`, []string{"AccessKeySecret and SecurityToken are missing"}, false},
		"no end":            {200, `{"accessKeyId":"x","accessKeySecret":"testsecret","securityToken":"testtoken"}`, []string{"expiration is missing"}, false},
		"refused once more": {401, `{"error":"expired_token","requestId":"R-1"}`, []string{"is no longer valid", "expired_token"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, machine, path, endpoints := oauthTest(t)
			host.atExchange = func(int) (int, string) { return test.status, test.body }
			_, err := resolveProfile(t, machine, endpoints, nil).Credentials(t.Context())
			wantError(t, err, test.want...)
			if got := strings.Contains(err.Error(), "aliyun configure"); got != test.over {
				t.Errorf("error says how to log in: %t, want %t: %v", got, test.over, err)
			}
			generation := 2
			if test.over {
				generation = 3 // a token that is refused before its time is refreshed once
			}
			wantTokens(t, path, generation, machine.Clock.Now().Add(time.Hour))
		})
	}
}

func TestOAuthLoginThatIsOverGivesTheCommand(t *testing.T) {
	t.Parallel()
	const command = "\n  aliyun configure --mode OAuth --oauth-site-type CN --profile me\n"
	for name, test := range map[string]struct {
		status int
		body   string
		keys   string
		want   []string
		over   bool
		tries  int
	}{
		"invalid_grant":       {status: 400, body: `{"error":"invalid_grant","error_description":"testtoken-refresh-1 is void","requestId":"R-1"}`, want: []string{"invalid_grant: [redacted] is void (RequestId R-1)"}, over: true, tries: 1},
		"invalid_client":      {status: 401, body: `{"error":"invalid_client"}`, want: []string{"invalid_client"}, over: true, tries: 1},
		"unauthorized_client": {status: 400, body: `{"error":"unauthorized_client"}`, want: []string{"unauthorized_client"}, over: true, tries: 1},
		"invalid_token":       {status: 400, body: `{"error":"invalid_token"}`, want: []string{"invalid_token"}, over: true, tries: 1},
		"another code":        {status: 400, body: `{"error":"invalid_request"}`, want: []string{"refresh of the OAuth token", "HTTP status 400, invalid_request"}, tries: 1},
		"5xx":                 {status: 502, body: "testsecret", want: []string{"HTTP status 502"}, tries: 3},
		"no JSON":             {status: 200, body: "testsecret", want: []string{"no access_token"}, tries: 1},
		"no access token":     {status: 200, body: `{"refresh_token":"testtoken"}`, want: []string{"no access_token"}, tries: 1},
		"no refresh token":    {keys: `"oauth_site_type":"CN","oauth_access_token":"testtoken-access-1","oauth_access_token_expire":1`, want: []string{"has no refresh token"}, over: true},
		"no tokens":           {keys: `"oauth_site_type":"CN"`, want: []string{"has no refresh token"}, over: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, machine, path, endpoints := oauthTest(t)
			host.atToken = func(int) (int, string) { return test.status, test.body }
			if test.keys != "" {
				writeFile(t, path, loginProfile("OAuth", test.keys), 0o600)
			}
			before, _ := os.ReadFile(path)
			_, err := resolveProfile(t, machine, endpoints, nil).Credentials(t.Context())
			wantError(t, err, append(test.want, `profile "me"`)...)
			if got := strings.Contains(err.Error(), command); got != test.over {
				t.Errorf("error says how to log in: %t, want %t: %v", got, test.over, err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) || host.tokens != test.tries {
				t.Errorf("after %d requests config.json is\n%s\nwant %d and no change", host.tokens, after, test.tries)
			}
		})
	}
}

func TestOAuthAnswerWithoutRefreshTokenKeepsTheOld(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	host.noRotate = true
	mustCredentials(t, resolveProfile(t, machine, endpoints, nil))
	content, _ := os.ReadFile(path)
	p, err := parseProfile(path, content, "me")
	if err != nil || p.OAuthAccessToken.Reveal() != "testtoken-access-2" || p.OAuthRefreshToken.Reveal() != "testtoken-refresh-1" {
		t.Errorf("config.json has other tokens than access-2 and refresh-1: %v\n%s", err, content)
	}
}

func TestOAuthAnswerWithAnOddLifetimeIsKept(t *testing.T) {
	t.Parallel()
	for name, lifetime := range map[string]string{"a string": `"3600"`, "null": `null`, "negative": `-1`, "a fraction": `0.5`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, machine, path, endpoints := oauthTest(t)
			host.access = []string{"testtoken-access-2"}
			host.atToken = func(int) (int, string) {
				return 200, `{"expires_in":` + lifetime + `,"access_token":"testtoken-access-2","refresh_token":"testtoken-refresh-2"}`
			}
			mustCredentials(t, resolveProfile(t, machine, endpoints, nil))
			wantTokens(t, path, 2, time.Unix(0, 0))
		})
	}
}

// A file that cannot be written costs the next login, not this run; it is said once.
func TestOAuthWriteFailureContinues(t *testing.T) {
	t.Parallel()
	for name, readOnly := range map[string]func(*Machine, string){
		"read-only file": func(_ *Machine, path string) { _ = os.Chmod(path, 0o400) },
		"read-only directory": func(m *Machine, path string) { // root may write anywhere, so the machine refuses
			refused := &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
			m.ReplaceFile = func(string, []byte) error { return refused }
			m.TryLock = func(string) (func(), bool, error) { return nil, false, refused }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, machine, path, endpoints := oauthTest(t)
			readOnly(&machine, path)
			var warnings []Warning
			source := resolveProfile(t, machine, endpoints, func(_ context.Context, w Warning) { warnings = append(warnings, w) })
			for i := range 3 { // the refresh tokens 1, 2 and 3 are used, the last two from memory
				if got, want := mustCredentials(t, source).AccessKeyID, fmt.Sprintf("STS.access-%d", i+2); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				machine.Clock.(*clock.Fake).Advance(time.Hour)
			}
			if got, want := host.counts(t), "3 refreshed, 0 refused, 3 exchanges"; got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if len(warnings) != 1 {
				t.Fatalf("warned %d times, want once: %v", len(warnings), warnings)
			}
			for _, part := range []string{path, "permission denied", "what runs now goes on", "the next start of the provider", "will need a new login", "aliyun configure --mode OAuth --oauth-site-type CN --profile me"} {
				if !strings.Contains(warnings[0].Detail, part) {
					t.Errorf("the warning lacks %q: %s", part, warnings[0].Detail)
				}
			}
			noSecrets(t, warnings[0].Detail)

			// The person logs in anew: their tokens count, not the ones in memory.
			_ = os.Remove(path)
			writeFile(t, path, loginProfile("OAuth", oauthKeys(9, machine.Clock.Now().Add(time.Hour))), 0o400)
			host.access = append(host.access, "testtoken-access-9")
			if got := mustCredentials(t, source).AccessKeyID; got != "STS.access-9" {
				t.Errorf("after a new login got %s, want STS.access-9", got)
			}
		})
	}
}

// A process that finds another's newer token on disk uses it.
func TestOAuthNewerTokenOnDiskIsUsed(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	source := resolveProfile(t, machine, endpoints, nil)
	host.access = []string{"testtoken-access-7"}
	writeFile(t, path, loginProfile("OAuth", oauthKeys(7, testStart.Add(time.Hour))), 0o600)
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.access-7" {
		t.Errorf("got %s, want STS.access-7", got)
	}
	if got, want := host.counts(t), "0 refreshed, 0 refused, 1 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The CLI takes no lock. If it has used the refresh token a moment before us, the file
// has the next one soon enough.
func TestOAuthLosesARaceAgainstTheCLI(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]time.Time{"fresh": testStart.Add(time.Hour), "to be refreshed at once": testStart} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, machine, path, endpoints := oauthTest(t)
			host.generation, host.access = 5, []string{"testtoken-access-5"}
			host.atToken = func(n int) (int, string) {
				if n == 1 {
					writeFile(t, path, loginProfile("OAuth", oauthKeys(5, end)), 0o600)
				}
				return 0, ""
			}
			mustCredentials(t, resolveProfile(t, machine, endpoints, nil))
			want := "0 refreshed, 1 refused, 1 exchanges"
			if end.Equal(testStart) {
				want = "1 refreshed, 1 refused, 1 exchanges"
			}
			if got := host.counts(t); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// Whoever logs in while we refresh keeps that login: it may be another identity.
func TestOAuthDoesNotOverwriteANewLogin(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	host.atToken = func(int) (int, string) {
		writeFile(t, path, loginProfile("OAuth", oauthKeys(9, testStart.Add(time.Minute))), 0o600)
		return 0, ""
	}
	if got := mustCredentials(t, resolveProfile(t, machine, endpoints, nil)).AccessKeyID; got != "STS.access-2" {
		t.Errorf("got %s, want STS.access-2", got)
	}
	wantTokens(t, path, 9, testStart.Add(time.Minute))
}

// An access token that is refused before its time is refreshed once.
func TestOAuthRefusedAccessTokenIsRefreshed(t *testing.T) {
	t.Parallel()
	machine, path := diskMachine(t, nil, loginProfile("OAuth", oauthKeys(1, testStart.Add(time.Hour))))
	host := newOAuthHost(machine.Clock) // which does not know the access token
	if got := mustCredentials(t, resolveProfile(t, machine, EndpointConfig{OAuth: serve(t, host.ServeHTTP)}, nil)).AccessKeyID; got != "STS.access-2" {
		t.Errorf("got %s, want STS.access-2", got)
	}
	wantTokens(t, path, 2, testStart.Add(time.Hour))
	if got, want := host.counts(t), "1 refreshed, 0 refused, 2 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A refresh that is tried early and fails leaves the access token that is still good.
func TestOAuthEarlyRefreshFailureUsesWhatIsLeft(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]string{
		"the host is down":          oauthKeys(1, testStart.Add(2*time.Minute)),
		"there is no refresh token": strings.Replace(oauthKeys(1, testStart.Add(2*time.Minute)), `"testtoken-refresh-1"`, `""`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine, _ := diskMachine(t, nil, loginProfile("OAuth", keys))
			host := newOAuthHost(machine.Clock)
			host.access = []string{"testtoken-access-1"}
			host.atToken = func(int) (int, string) { return 503, "" }
			if got := mustCredentials(t, resolveProfile(t, machine, EndpointConfig{OAuth: serve(t, host.ServeHTTP)}, nil)).AccessKeyID; got != "STS.access-1" {
				t.Errorf("got %s, want STS.access-1", got)
			}
		})
	}
}

// A failed early refresh keeps the session, and later the failure shows.
func TestOAuthFailedEarlyRefreshKeepsTheSession(t *testing.T) {
	t.Parallel()
	host, machine, _, endpoints := oauthTest(t)
	source := resolveProfile(t, machine, endpoints, nil)
	first := mustCredentials(t, source)
	host.mu.Lock()
	host.atToken = func(int) (int, string) { return 400, `{"error":"invalid_grant"}` }
	host.atExchange = func(int) (int, string) { return 500, "" }
	host.mu.Unlock()
	machine.Clock.(*clock.Fake).Advance(58 * time.Minute)
	if got := mustCredentials(t, source); got != first {
		t.Errorf("got %s, want %s", got.AccessKeyID, first.AccessKeyID)
	}
	machine.Clock.(*clock.Fake).Advance(2 * time.Minute)
	_, err := source.Credentials(t.Context())
	wantError(t, err, "aliyun configure")
}

// Half an hour of calls with sessions of a quarter of one.
func TestOAuthThroughALongApply(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	host.lifetime = 15 * time.Minute
	source := resolveProfile(t, machine, endpoints, nil)
	fake := machine.Clock.(*clock.Fake)
	for range 30 * 60 {
		if c := mustCredentials(t, source); !c.Expiration.After(fake.Now()) {
			t.Fatalf("at %s got a session that ended at %s", fake.Now(), c.Expiration)
		}
		fake.Advance(time.Second)
	}
	if got, want := host.counts(t), "1 refreshed, 0 refused, 3 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	wantTokens(t, path, 2, testStart.Add(time.Hour))
}

// A session that the service calls expired is replaced by a new one, from the same tokens.
func TestOAuthSessionCalledExpired(t *testing.T) {
	t.Parallel()
	host, machine, _, endpoints := oauthTest(t)
	source := resolveProfile(t, machine, endpoints, nil)
	if !source.Refresh(t.Context(), mustCredentials(t, source)) {
		t.Error("Refresh says false, want true")
	}
	mustCredentials(t, source)
	if got, want := host.counts(t), "1 refreshed, 0 refused, 2 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOAuthFiftyCallersRefreshOnce(t *testing.T) {
	t.Parallel()
	machine, path := diskMachine(t, nil, expiredLogin(clock.System.Now()))
	machine.Clock = clock.System // a fake would end the wait for the lock at once
	host := newOAuthHost(clock.System)
	endpoints := EndpointConfig{OAuth: serve(t, host.ServeHTTP)}
	one := resolveProfile(t, machine, endpoints, nil)
	var callers sync.WaitGroup
	for i := range 50 {
		source := one
		if i%5 == 0 { // as other aliases of the provider would
			source = resolveProfile(t, machine, endpoints, nil)
		}
		callers.Go(func() {
			if c, err := source.Credentials(t.Context()); err != nil || c.AccessKeyID != "STS.access-2" {
				t.Errorf("got %s, %v, want STS.access-2", c.AccessKeyID, err)
			}
		})
	}
	callers.Wait()
	if got, want := host.counts(t), "1 refreshed, 0 refused, 11 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if content, _ := os.ReadFile(path); !strings.Contains(string(content), "testtoken-refresh-2") {
		t.Error("config.json does not hold the newest refresh token")
	}
}

// A cancelled run stops at once; the refresh that was sent is finished for its token.
func TestOAuthCancelledRunStopsAtOnceAndLosesNothing(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	asked, release := make(chan struct{}), make(chan struct{})
	host.atToken = func(int) (int, string) {
		close(asked)
		<-release
		return 0, ""
	}
	saved := make(chan struct{})
	machine.ReplaceFile = func(path string, content []byte) error {
		defer close(saved)
		return replaceFile(path, content)
	}
	source := resolveProfile(t, machine, endpoints, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	close(release) // the service has not even answered by then
	select {
	case <-saved:
	case <-time.After(10 * time.Second):
		t.Fatal("the new refresh token is lost: nothing was saved")
	}
	wantTokens(t, path, 2, testStart.Add(time.Hour))
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.access-2" {
		t.Errorf("the next caller got %s, want STS.access-2", got)
	}
	if got, want := host.counts(t), "1 refreshed, 0 refused, 1 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOAuthWaitsForTheLock(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	release, held, err := tryLock(path)
	if err != nil || !held {
		t.Fatalf("lock is held: %t, %v", held, err)
	}
	source := resolveProfile(t, machine, endpoints, nil)
	_, err = source.Credentials(t.Context())
	wantError(t, err, "another process has held the lock", path+".lock", "1m0s")

	// Cancelled, it waits no longer.
	manual := clock.NewManual(testStart)
	machine.Clock = manual
	source = resolveProfile(t, machine, endpoints, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for manual.Sleepers() == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	if _, err := source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if got, want := host.counts(t), "0 refreshed, 0 refused, 0 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	release()
	machine.Clock = clock.NewFake(testStart)
	mustCredentials(t, resolveProfile(t, machine, endpoints, nil))
}

// Whatever path leads to the file, its lock is the same.
func TestTryLockFollowsLinks(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	target, link := filepath.Join(directory, "real.json"), filepath.Join(directory, "config.json")
	writeFile(t, target, "{}", 0o600)
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	release, held, err := tryLock(link)
	if err != nil || !held {
		t.Fatalf("lock is held: %t, %v", held, err)
	}
	if _, again, err := tryLock(target); again || err != nil {
		t.Errorf("the second lock is held: %t, %v, want false", again, err)
	}
	release()
	release, held, err = tryLock(target)
	if !held || err != nil {
		t.Fatalf("after the release the lock is held: %t, %v, want true", held, err)
	}
	release()
}

func TestOAuthSites(t *testing.T) {
	t.Parallel()
	for site, want := range map[string]oauthSite{
		"CN":   {"CN", "https://oauth.aliyun.com", "4038181954557748008"},
		"INTL": {"INTL", "https://oauth.alibabacloud.com", "4103531455503354461"},
		"intl": {"INTL", "https://oauth.alibabacloud.com", "4103531455503354461"},
	} {
		machine := testMachine(nil, map[string]string{homeConfig: loginProfile("OAuth", `"oauth_site_type":"`+site+`"`)})
		source := resolveProfile(t, machine, EndpointConfig{}, nil)
		login := source.provider.(*Cache).source.(*oauthLogin)
		if login.site != want {
			t.Errorf("%s: site is %v, want %v", site, login.site, want)
		}
		if command := "aliyun configure --mode OAuth --oauth-site-type " + want.name + " --profile me"; login.command != command {
			t.Errorf("%s: command is %s, want %s", site, login.command, command)
		}
	}
}

func TestOAuthInternationalClient(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	host.clientID = "4103531455503354461"
	writeFile(t, path, strings.Replace(expiredLogin(testStart), `"CN"`, `"INTL"`, 1), 0o600)
	mustCredentials(t, resolveProfile(t, machine, endpoints, nil))
	if got, want := host.counts(t), "1 refreshed, 0 refused, 1 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOAuthRefused(t *testing.T) {
	t.Parallel()
	login := loginProfile("OAuth", `"oauth_site_type":"CN"`)
	for name, test := range map[string]struct {
		config    string
		env       map[string]string
		endpoints EndpointConfig
		args      *OAuthArguments
		want      []string
	}{
		"another site":          {config: loginProfile("OAuth", `"oauth_site_type":"EU"`), want: []string{`profile "me"`, "oauth_site_type", `"EU" is no site, expected CN or INTL`}},
		"no site":               {config: loginProfile("OAuth", `"x":1`), want: []string{"oauth_site_type", "expected CN or INTL"}},
		"variable off loopback": {config: login, env: map[string]string{"ALIBABA_CLOUD_ENDPOINT_OAUTH": "https://evil.example.com"}, want: []string{"ALIBABA_CLOUD_ENDPOINT_OAUTH", "only a loopback host"}},
		"endpoint off loopback": {config: login, endpoints: EndpointConfig{OAuth: "https://evil.example.com"}, want: []string{"endpoints.oauth", "only a loopback host"}},
		"http off loopback":     {config: login, endpoints: EndpointConfig{OAuth: "http://evil.example.com", Insecure: true}, want: []string{"endpoints.oauth", "only a loopback host"}},
		"under the emulator":    {config: login, env: map[string]string{"RAM_PROVIDER_EMULATOR_ONLY": "1"}, want: []string{"OAuth", "oauth.aliyun.com is none"}},
		"arguments, nothing":    {args: &OAuthArguments{}, want: []string{"provider argument oauth", "site and access_token are missing"}},
		"arguments, the site":   {args: &OAuthArguments{"EU", secret(testToken)}, want: []string{"provider argument oauth: site", "expected CN or INTL"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(test.env, map[string]string{homeConfig: test.config})
			_, err := Resolve(Config{Machine: machine, Endpoints: test.endpoints, Arguments: Arguments{OAuth: test.args}})
			wantError(t, err, test.want...)
		})
	}
}

func TestOAuthArguments(t *testing.T) {
	t.Parallel()
	machine := testMachine(nil, nil)
	host := newOAuthHost(machine.Clock)
	host.access = []string{"testtoken-access-1"}
	machine.Lookup = lookupIn(map[string]string{"ALIBABA_CLOUD_ENDPOINT_OAUTH": serve(t, host.ServeHTTP)})
	resolve := func(token string) *Source {
		source, err := Resolve(Config{Machine: machine, Arguments: Arguments{OAuth: &OAuthArguments{Site: "INTL", AccessToken: rpc.NewSecret(token)}}})
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	source := resolve("testtoken-access-1")
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.access-1" || len(source.Warnings) != 1 {
		t.Errorf("got %s, warnings %v, want STS.access-1 and one of the endpoint", got, source.Warnings)
	}
	_, err := resolve("testtoken-void").Credentials(t.Context())
	wantError(t, err, "OAuth login at http://127.0.0.1", "access_token is no longer accepted", "use profile", "expired_token: [redacted] is void")
}

// Over a chain of profiles the tokens are written to the profile that has the login.
func TestOAuthUnderAChain(t *testing.T) {
	t.Parallel()
	host, machine, path, endpoints := oauthTest(t)
	config := strings.Replace(expiredLogin(testStart), "\t],", "\t,"+link("top", "me", "audit", "")+"],", 1)
	writeFile(t, path, config, 0o600)
	var calls []string
	source, err := Resolve(Config{
		Machine: machine, Endpoints: endpoints, Arguments: Arguments{Profile: "top"}, AssumeRole: recordingAssumeRole(machine.Clock, &calls),
	})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	if want := []string{"STS.access-2 audit https://sts.aliyuncs.com"}; !slices.Equal(calls, want) {
		t.Errorf("exchanges %q, want %q", calls, want)
	}
	want := strings.Replace(config, oauthKeys(1, testStart.Add(-time.Hour)), oauthKeys(2, testStart.Add(time.Hour)), 1)
	if content, _ := os.ReadFile(path); string(content) != want {
		t.Errorf("config.json is\n%s\nwant\n%s", content, want)
	}
	if got, want := host.counts(t), "1 refreshed, 0 refused, 1 exchanges"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLoginThroughAnApplicationIsKnownBelowRoles(t *testing.T) {
	t.Parallel()
	login := &Source{OAuthAppID: OAuthAppID("INTL")}
	role := &Source{RoleARN: testRole, Base: &Source{RoleARN: testRole, Base: login}}
	if got := role.LoginAppID(); got != "4103531455503354461" || OAuthSite(got) != "INTL" {
		t.Errorf("got application %q of site %q, want that of INTL", got, OAuthSite(got))
	}
	if got := (&Source{Base: &Source{}}).LoginAppID(); got != "" || OAuthSite(got) != "" || OAuthAppID("elsewhere") != "" {
		t.Errorf("got application %q where nobody logged in", got)
	}
}
