package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// The operations of the tests: one of each class.
var (
	readThing   = Operation{Product: "P", Version: "v", Name: "GetThing", Retry: RetryAlways}
	writeThing  = Operation{Product: "P", Version: "v", Name: "UpdateThing", Retry: RetryAlways, Mutates: true}
	createThing = Operation{Product: "P", Version: "v", Name: "CreateThing", Retry: RetryIfRejected, Mutates: true}
	tryThing    = Operation{Product: "P", Version: "v", Name: "TryThing", Retry: RetryNever, Mutates: true}
)

type thing struct{ Name string }

func (t *thing) Check() error {
	if t.Name == "" {
		return errors.New("it has no Name")
	}
	return nil
}

const goodAnswer = `{"RequestId":"R-1","Name":"n"}`

// A reply is what the scripted service does with one request.
type reply func(w http.ResponseWriter, r *http.Request)

func status(code int, body string, headers ...string) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func refuse(code int, name string) reply {
	return status(code, fmt.Sprintf(`{"RequestId":"R-2","Code":%q,"Message":"no","HostId":"h"}`, name))
}

// reset closes the connection without an answer.
func reset(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

// truncate breaks the answer off in its middle.
func truncate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, goodAnswer)
}

func good(w http.ResponseWriter, r *http.Request) { status(http.StatusOK, goodAnswer)(w, r) }

// service plays the replies in turn, the last one for ever, and keeps the requests.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	replies  []reply
	requests []*http.Request
	bodies   []string
}

func serve(t *testing.T, replies ...reply) *service {
	t.Helper()
	s := &service{replies: replies}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.bodies = append(s.bodies, string(body))
		next := s.replies[0]
		if len(s.replies) > 1 {
			s.replies = s.replies[1:]
		}
		s.mu.Unlock()
		next(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// sent gives the requests so far.
func (s *service) sent() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// body is what request i carried.
func (s *service) body(i int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies[i]
}

type static Credentials

func (s static) Credentials(context.Context) (Credentials, error) { return Credentials(s), nil }

var testCredentials = static{AccessKeyID: "testid", AccessKeySecret: NewSecret("testsecret"), Source: "test"}

func (s *service) client(change ...func(*Config)) (*Client, *clock.Fake) {
	fake := clock.NewFake(start)
	config := Config{
		Endpoints:   map[string]string{"P": s.URL},
		Credentials: testCredentials,
		HTTPClient:  s.Client(),
		Clock:       fake,
		Jitter:      func() float64 { return 1 },
	}
	for _, c := range change {
		c(&config)
	}
	return New(config), fake
}

func TestWhatIsRepeatedAndWhatIsAmbiguous(t *testing.T) {
	t.Parallel()
	type result struct {
		Requests  int
		Code      string
		Ambiguous bool
	}
	ok := func(requests int) result { return result{Requests: requests} }
	tests := map[string]struct {
		first                     reply
		read, write, create, once result
	}{
		"refused": {
			refuse(404, "EntityNotExist.Thing"),
			result{1, "EntityNotExist.Thing", false},
			result{1, "EntityNotExist.Thing", false},
			result{1, "EntityNotExist.Thing", false},
			result{1, "EntityNotExist.Thing", false},
		},
		"throttled": {
			refuse(400, "Throttling.User"),
			ok(2), ok(2), ok(2),
			result{1, "Throttling.User", false},
		},
		"throttled by status": {
			status(429, ""),
			ok(2), ok(2), ok(2),
			result{1, "", false},
		},
		"asked to come again": {
			status(409, `{"RequestId":"R","Code":"Busy"}`, "x-acs-retry-after", "1500"),
			ok(2), ok(2), ok(2),
			result{1, "Busy", false},
		},
		"server error": {
			refuse(500, "InternalError"),
			ok(2), ok(2),
			result{1, "InternalError", true},
			result{1, "InternalError", true},
		},
		"connection lost": {reset, ok(2), ok(2), result{1, "", true}, result{1, "", true}},
		"bad gateway": {
			status(502, "<html>Bad Gateway</html>"),
			ok(2), ok(2),
			result{1, "", true},
			result{1, "", true},
		},
		"empty answer":     {status(200, ""), ok(2), ok(2), result{1, "", true}, result{1, "", true}},
		"truncated answer": {truncate, ok(2), ok(2), result{1, "", true}, result{1, "", true}},
		"incomplete answer": {
			status(200, `{"RequestId":"R"}`), ok(2), ok(2), result{1, "", true}, result{1, "", true},
		},
		"delivered twice": {
			refuse(400, "SignatureNonceUsed"),
			ok(2), ok(2),
			result{1, "SignatureNonceUsed", true},
			result{1, "SignatureNonceUsed", true},
		},
		"a proxy's refusal": {
			status(403, "<html>blocked</html>"),
			result{1, "", false},
			result{1, "", false},
			result{1, "", false},
			result{1, "", false},
		},
		"a redirect": {
			status(302, "", "Location", "http://127.0.0.1:1/elsewhere"),
			result{1, "", false},
			result{1, "", false},
			result{1, "", false},
			result{1, "", false},
		},
	}
	for name, test := range tests {
		for op, want := range map[*Operation]result{
			&readThing: test.read, &writeThing: test.write, &createThing: test.create, &tryThing: test.once,
		} {
			t.Run(name+"/"+op.Name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, test.first, good)
				client, _ := s.client()
				var out thing
				err := client.Do(t.Context(), *op, nil, &out)
				got := result{Requests: len(s.sent())}
				var failure *Error
				if errors.As(err, &failure) {
					got.Code, got.Ambiguous = failure.Code, failure.Ambiguous
				} else if err != nil || out.Name != "n" {
					t.Errorf("got %+v, %v", out, err)
				}
				if want != ok(2) && failure == nil {
					t.Error("got no error")
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got)\n%s\nerror: %v", diff, err)
				}
			})
		}
	}
}

func TestAnEarlierAttemptKeepsTheCallAmbiguous(t *testing.T) {
	t.Parallel()
	s := serve(t, reset, refuse(409, "EntityAlreadyExists.Thing"))
	client, _ := s.client()
	var failure *Error
	if err := client.Do(t.Context(), writeThing, nil, nil); !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	if failure.Code != "EntityAlreadyExists.Thing" || !failure.Ambiguous || failure.Attempts != 2 {
		t.Errorf("got %+v", failure)
	}
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	later := status(503, `{"RequestId":"R","Code":"ServiceUnavailable"}`, "x-acs-retry-after", "1000")
	s := serve(t, later, later, good)
	client, _ := s.client()
	if err := client.Do(t.Context(), readThing, nil, nil); err != nil {
		t.Fatal(err)
	}
	var dates []string
	nonces, signatures := map[string]bool{}, map[string]bool{}
	for _, r := range s.sent() {
		dates = append(dates, r.Header.Get("x-acs-date"))
		nonces[r.Header.Get("x-acs-signature-nonce")] = true
		signatures[r.Header.Get("Authorization")] = true
	}
	if diff := cmp.Diff([]string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", "2026-01-02T03:04:07Z"}, dates); diff != "" {
		t.Errorf("dates (-want +got)\n%s", diff)
	}
	if len(nonces) != 3 || len(signatures) != 3 {
		t.Errorf("got %d nonces and %d signatures in 3 attempts", len(nonces), len(signatures))
	}
}

func TestWaitsBetweenAttempts(t *testing.T) {
	t.Parallel()
	throttle := func(headers ...string) reply {
		return status(400, `{"RequestId":"R","Code":"Throttling"}`, headers...)
	}
	tests := map[string]struct {
		reply    reply
		change   func(*Config)
		requests int
		wait     time.Duration
	}{
		"exponential up to a cap": {
			throttle(), func(*Config) {}, 9,
			(250 + 500 + 1000 + 2000 + 4000 + 8000 + 15000 + 15000) * time.Millisecond,
		},
		"jitter goes down to nothing": {
			throttle(), func(c *Config) { c.Jitter = func() float64 { return 0 } }, 9, 0,
		},
		"the service's own pause wins": {
			throttle("x-acs-retry-after", "1500"), func(*Config) {}, 9, 8 * 1500 * time.Millisecond,
		},
		"but not without bound": {
			throttle("x-acs-retry-after", "3600000"), func(c *Config) { c.MaxRetries = 1 }, 2, time.Minute,
		},
		"nonsense is no pause": {
			throttle("x-acs-retry-after", "-5"), func(c *Config) { c.MaxRetries = 1 }, 2, 250 * time.Millisecond,
		},
		"never, if told so": {throttle(), func(c *Config) { c.MaxRetries = -1 }, 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.reply)
			client, fake := s.client(test.change)
			if err := client.Do(t.Context(), readThing, nil, nil); err == nil {
				t.Error("got no error")
			}
			if got := fake.Now().Sub(start); got != test.wait || len(s.sent()) != test.requests {
				t.Errorf("got %d requests and waits of %s, want %d and %s", len(s.sent()), got, test.requests, test.wait)
			}
		})
	}
}

func TestErrorTellsAll(t *testing.T) {
	t.Parallel()
	s := serve(t, status(403, `{"RequestId":"R-3","Code":"NoPermission","Message":"You are not authorized.",
		"AccessDeniedDetail":{"AuthAction":"p:GetThing","AuthPrincipalType":"SubUser","AuthPrincipalDisplayName":"123",
		"AuthPrincipalOwnerId":"1000000000000001","NoPermissionType":"ImplicitDeny",
		"PolicyType":"AccountLevelIdentityBasedPolicy","EncodedDiagnosticMessage":"AQ"}}`,
		"Date", "Fri, 02 Jan 2026 03:05:05 GMT"))
	client, _ := s.client()
	err := client.Do(t.Context(), readThing, nil, nil)
	var got *Error
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	want := &Error{
		Action: "GetThing", Code: "NoPermission", Message: "You are not authorized.", RequestID: "R-3", HTTPStatus: 403,
		Host: host, Attempts: 1, SentAt: start, FailedAt: start, ServerDate: start.Add(time.Minute),
		Credentials: "test", AccessKeyID: "testid",
		AccessDenied: &AccessDeniedDetail{
			AuthAction: "p:GetThing", AuthPrincipalType: "SubUser", AuthPrincipalDisplayName: "123",
			AuthPrincipalOwnerID: "1000000000000001", NoPermissionType: "ImplicitDeny",
			PolicyType: "AccountLevelIdentityBasedPolicy", EncodedDiagnosticMessage: "AQ",
		},
	}
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool {
		return p.String() == "nonce" || p.String() == "outcome" || p.String() == "retryAfter" || p.String() == "cause"
	}, cmp.Ignore())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, want := err.Error(), "GetThing: NoPermission: You are not authorized. (HTTP 403, RequestId R-3, host "+host+")"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestErrorEnvelopes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, code, message string }{
		"as documented": {`{"RequestId":"R","Code":"C","Message":"m"}`, "C", "m"},
		"lower case":    {`{"requestId":"R","code":"C","message":"m"}`, "C", "m"},
		"description":   {`{"RequestId":"R","Code":"C","Description":"m"}`, "C", "m"},
		"no message":    {`{"RequestId":"R","Code":"C"}`, "C", "the service gives no message"},
		"odd detail":    {`{"RequestId":"R","Code":"C","Message":"m","AccessDeniedDetail":"text"}`, "C", "m"},
		"signature": {
			`{"RequestId":"R","Code":"SignatureDoesNotMatch","Message":"server string to sign is: Password=hunter2"}`,
			"SignatureDoesNotMatch",
			"the signature does not match the access key's secret (the service's own message is withheld: it repeats every parameter)",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := serve(t, status(400, test.body)).client()
			var got *Error
			if err := client.Do(t.Context(), readThing, nil, nil); !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			want := []string{test.code, test.message, "R"}
			if diff := cmp.Diff(want, []string{got.Code, got.Message, got.RequestID}); diff != "" {
				t.Errorf("code, message, request id (-want +got)\n%s", diff)
			}
		})
	}
}

func TestUnusableAnswersAreNamed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply reply
		want  string
	}{
		"empty":       {status(200, " \n"), "the answer cannot be used: it is empty"},
		"HTML":        {status(200, "<!DOCTYPE html>"), "the answer cannot be used: it is HTML or XML, not JSON, so it may come from a proxy or from a host that is not the service"},
		"text":        {status(200, "hello"), "the answer cannot be used: it is not a JSON object"},
		"array":       {status(200, "[]"), "the answer cannot be used: it is not a JSON object"},
		"cut JSON":    {status(200, `{"RequestId":"R-1","Na`), "the answer cannot be used: its JSON is broken at byte 22 of 22: unexpected end of JSON input"},
		"bad JSON":    {status(200, `{"RequestId":"R-1",}  `), "the answer cannot be used: its JSON is broken at byte 20 of 20: invalid character '}' looking for beginning of object key string"},
		"wrong type":  {status(200, `{"RequestId":"R-1","Name":[]}`), "the answer cannot be used: its JSON cannot be read: json: cannot unmarshal array into Go struct field thing.Name of type string"},
		"stranger":    {status(200, `{"ok":true}`), "the answer cannot be used: it has no RequestId, which every answer of the service has"},
		"incomplete":  {status(200, `{"RequestId":"R-1","Other":1}`), "the answer cannot be used: it has no Name"},
		"truncated":   {truncate, "the answer cannot be used: it broke off after 30 bytes: unexpected EOF"},
		"huge":        {status(200, `{"Name":"`+strings.Repeat("x", maxAnswer)), "the answer cannot be used: it is larger than 8 MiB"},
		"redirect":    {status(301, "<html>", "Location", "/x"), "the host answers with a redirect, which the service never does; is the endpoint right, or a proxy in between?"},
		"HTML refuse": {status(404, "<html>"), "the answer cannot be used: it is HTML or XML, not JSON, so it may come from a proxy or from a host that is not the service"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := serve(t, test.reply).client(func(c *Config) { c.MaxRetries = -1 })
			var failure *Error
			if err := client.Do(t.Context(), readThing, nil, new(thing)); !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			if failure.Message != test.want {
				t.Errorf("got  %s\nwant %s", failure.Message, test.want)
			}
		})
	}
}

func TestUnreachableHosts(t *testing.T) {
	t.Parallel()
	gone := serve(t, good)
	gone.Close()
	overTLS := httptest.NewUnstartedServer(http.HandlerFunc(good))
	overTLS.Config.ErrorLog = log.New(io.Discard, "", 0)
	overTLS.StartTLS()
	t.Cleanup(overTLS.Close)
	plain := serve(t, good)
	tests := map[string]struct {
		endpoint string
		attempts int
	}{
		"nobody listens is tried again a little": {gone.URL, 4},
		"an unknown certificate is final":        {overTLS.URL, 1},
		"no TLS is final":                        {"https" + strings.TrimPrefix(plain.URL, "http"), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := New(Config{
				Endpoints: map[string]string{"P": test.endpoint}, Credentials: testCredentials, Clock: clock.NewFake(start),
			})
			var failure *Error
			if err := client.Do(t.Context(), createThing, nil, nil); !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			if failure.Attempts != test.attempts || failure.Ambiguous || !strings.HasPrefix(failure.Message, "the host cannot be reached: ") {
				t.Errorf("got %d attempts, ambiguous %v, %q; want %d attempts", failure.Attempts, failure.Ambiguous, failure.Message, test.attempts)
			}
		})
	}
}

// silent is a connection on which no answer comes until the request is given up.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Config{
			Endpoints: map[string]string{"P": "https://host"}, Credentials: testCredentials,
			HTTPClient: &http.Client{Transport: silent{}}, RequestTimeout: 20 * time.Second, MaxRetries: 2,
		})
		begin := time.Now()
		var failure *Error
		err := client.Do(t.Context(), createThing, nil, nil)
		if !errors.As(err, &failure) || !failure.Ambiguous || failure.Message != "no answer within 20s" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a create: got %v", err)
		}
		if got := time.Since(begin); got != 20*time.Second {
			t.Errorf("a create was given up after %s", got)
		}
		if err := client.Do(t.Context(), readThing, nil, nil); !errors.As(err, &failure) || failure.Attempts != 3 || failure.Ambiguous {
			t.Errorf("a read: got %v", err)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err = client.Do(ctx, writeThing, nil, nil)
		if !errors.As(err, &failure) || !failure.Ambiguous || failure.Attempts != 1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a write whose caller gave up: got %v", err)
		}
	})
}

// broken is a connection that is lost once the request has been sent.
type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
	return nil, io.ErrUnexpectedEOF
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Config{
			Endpoints: map[string]string{"P": "https://host"}, Credentials: testCredentials,
			HTTPClient: &http.Client{Transport: broken{}}, Clock: clock.NewManual(start),
		})
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- client.Do(ctx, writeThing, nil, nil) }()
		synctest.Wait()
		cancel()
		err := <-result
		var failure *Error
		if !errors.As(err, &failure) || !failure.Ambiguous || failure.Attempts != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the ambiguous failure of the first attempt, canceled", err)
		}
		if err := client.Do(ctx, writeThing, nil, nil); errors.As(err, new(*Error)) || !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: got %v, want nothing sent", err)
		}
	})
}

// session is a provider whose token the service calls expired until it is refreshed.
type session struct {
	mu        sync.Mutex
	refreshes int
	can       bool
}

func (s *session) Credentials(context.Context) (Credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Credentials{
		AccessKeyID: "STS.testid", AccessKeySecret: NewSecret("testsecret"),
		SecurityToken: NewSecret(fmt.Sprintf("token-%d", s.refreshes)),
	}, nil
}

func (s *session) Refresh(context.Context, Credentials) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refreshes++
	return s.can
}

func TestExpiredSessionIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	expire := refuse(400, "InvalidSecurityToken.Expired")
	tests := map[string]struct {
		op        Operation
		replies   []reply
		can       bool
		tokens    []string
		succeeds  bool
		refreshes int
	}{
		"a read":         {readThing, []reply{expire, good}, true, []string{"token-0", "token-1"}, true, 1},
		"a create":       {createThing, []reply{expire, good}, true, []string{"token-0", "token-1"}, true, 1},
		"still expired":  {readThing, []reply{expire}, true, []string{"token-0", "token-1"}, false, 1},
		"nothing newer":  {readThing, []reply{expire}, false, []string{"token-0"}, false, 1},
		"never is never": {tryThing, []reply{expire}, true, []string{"token-0"}, false, 0},
		"something else": {readThing, []reply{refuse(400, "InvalidSecurityToken.Malformed")}, true, []string{"token-0"}, false, 0},
		"after a server error": {
			readThing,
			[]reply{refuse(500, "InternalError"), expire, good},
			true,
			[]string{"token-0", "token-0", "token-1"},
			true, 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.replies...)
			provider := &session{can: test.can}
			client, _ := s.client(func(c *Config) { c.Credentials = provider })
			err := client.Do(t.Context(), test.op, nil, nil)
			var tokens []string
			for _, r := range s.sent() {
				tokens = append(tokens, r.Header.Get("x-acs-security-token"))
			}
			if diff := cmp.Diff(test.tokens, tokens); diff != "" {
				t.Errorf("tokens (-want +got)\n%s", diff)
			}
			if (err == nil) != test.succeeds || provider.refreshes != test.refreshes {
				t.Errorf("got %v and %d refreshes, want success %v and %d", err, provider.refreshes, test.succeeds, test.refreshes)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Credentials(context.Context) (Credentials, error) { return Credentials{}, f.err }

func TestWhatStopsACallBeforeItIsSent(t *testing.T) {
	t.Parallel()
	noProfile := errors.New("no profile")
	tests := map[string]struct {
		change func(*Config)
		in     any
		want   string
	}{
		"credentials fail": {func(c *Config) { c.Credentials = failing{noProfile} }, nil, "GetThing: credentials: no profile"},
		"no credentials":   {func(c *Config) { c.Credentials = nil }, nil, "GetThing: credentials: none are configured"},
		"no endpoint":      {func(c *Config) { c.Endpoints = nil }, nil, "GetThing: the endpoint of P is not a URL such as https://host"},
		"no such scheme":   {func(c *Config) { c.Endpoints = map[string]string{"P": "ftp://u:pw@h"} }, nil, "GetThing: the endpoint of P is not a URL such as https://host"},
		"no usable input":  {func(*Config) {}, 1, "GetThing: input is int, not a struct"},
		"a missing element": {func(*Config) {}, struct {
			N string `param:"N,required"`
		}{}, "GetThing: N is required"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, good)
			client, _ := s.client(test.change)
			err := client.Do(t.Context(), readThing, test.in, nil)
			if err == nil || err.Error() != test.want || len(s.sent()) != 0 {
				t.Errorf("got %v after %d requests, want %s", err, len(s.sent()), test.want)
			}
		})
	}
	client, _ := serve(t, good).client(func(c *Config) { c.Credentials = failing{noProfile} })
	if err := client.Do(t.Context(), readThing, nil, nil); !errors.Is(err, noProfile) {
		t.Errorf("the provider's error is lost: %v", err)
	}
}

func TestUnsignedOperationsCarryNoCredentials(t *testing.T) {
	t.Parallel()
	s := serve(t, good)
	client, _ := s.client(func(c *Config) { c.Credentials = failing{os.ErrInvalid} })
	op := readThing
	op.Unsigned = true
	if err := client.Do(t.Context(), op, nil, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Authorization", "x-acs-accesskey-id", "x-acs-security-token"} {
		if got := s.sent()[0].Header.Get(name); got != "" {
			t.Errorf("%s is sent: %q", name, got)
		}
	}
}

// Secrets are planted everywhere a request has room for one; the service repeats them
// in its messages, and the connection fails in every way.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	secrets := []string{"SECRETpassword", "SECRETdocument", "SECRETkey", "SECRETtoken"}
	echo := func(w http.ResponseWriter, _ *http.Request) {
		status(400, `{"RequestId":"R","Code":"InvalidParameter","Message":"bad: SECRETpassword SECRETkey SECRETtoken"}`)(w, nil)
	}
	replies := map[string]reply{
		"echo": echo, "reset": reset, "truncated": truncate, "good": good,
		"signature": status(400, `{"RequestId":"R","Code":"SignatureDoesNotMatch","Message":"SECRETpassword SECRETdocument SECRETkey SECRETtoken"}`),
		"page":      status(502, "<html>SECRETpassword SECRETdocument</html>"),
		"text":      status(200, `SECRETpassword`),
		"type":      status(200, `{"RequestId":"R","Name":{"SECRETpassword":"SECRETdocument"}}`),
	}
	for name, r := range replies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, r)
			var seen strings.Builder
			client, _ := s.client(func(c *Config) {
				c.MaxRetries = 1
				c.Credentials = static{AccessKeyID: "STS.id", AccessKeySecret: NewSecret("SECRETkey"), SecurityToken: NewSecret("SECRETtoken")}
				c.Trace = func(_ context.Context, message string, fields map[string]any) {
					fmt.Fprintf(&seen, "%s %#v\n", message, fields)
				}
			})
			err := client.Do(t.Context(), readThing, struct {
				Password Secret `param:"Password"`
				Document string `param:"Document,body"`
				Name     string `param:"Name"`
			}{NewSecret("SECRETpassword"), "SECRETdocument", "shown"}, new(thing))
			for err := err; err != nil; err = errors.Unwrap(err) {
				fmt.Fprintf(&seen, "%v\n%#v\n", err, err)
			}
			var wrapped *url.Error
			if errors.As(err, &wrapped) {
				t.Error("the error carries the URL")
			}
			for _, request := range s.sent() {
				seen.WriteString(request.URL.String() + "\n")
			}
			for _, secret := range secrets {
				if strings.Contains(seen.String(), secret) {
					t.Errorf("shows %s:\n%s", secret, seen.String())
				}
			}
			if !strings.Contains(s.body(0), "SECRETpassword") || !strings.Contains(s.sent()[0].URL.RawQuery, "Name=shown") {
				t.Error("the parameters were not sent")
			}
		})
	}
}

func TestThrottlingSlowsTheOperationDown(t *testing.T) {
	t.Parallel()
	s := serve(t, refuse(400, "Throttling.User"), good)
	client, _ := s.client()
	op := readThing
	op.Rate = 10
	if err := client.Do(t.Context(), op, nil, nil); err != nil {
		t.Fatal(err)
	}
	// 85 % of 9.75/s after the refusal, and a quarter of a second of recovery at 0.975/s.
	if got := float64(client.pace.of(op).limiter.Limit()); got < 8.5 || got > 8.56 {
		t.Errorf("got %.2f/s, want 8.53/s", got)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{goodAnswer, "", "<", "{", `{"RequestId":"R","Name":null}`, `{"code":"C","AccessDeniedDetail":{}}`, "[]", "\xff"} {
		f.Add(200, []byte(seed))
		f.Add(400, []byte(seed))
		f.Add(500, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, code int, body []byte) {
		resp := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body)))}
		var out thing
		_, failure := readAnswer(resp, &out)
		switch {
		case failure == nil && (code < 200 || code > 299 || out.Name == ""):
			t.Errorf("%d %q is taken for a success: %+v", code, body, out)
		case failure != nil && failure.Message == "":
			t.Errorf("%d %q fails without a word", code, body)
		}
	})
}
