package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// start is when every test begins.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// service is an emulator behind HTTP, on a clock of its own.
type service struct {
	*Emulator
	t     *testing.T
	url   string
	clock *clock.Fake
	root  client // of the first account
	other client // root of the second account
}

func serve(t *testing.T, config Config) *service {
	t.Helper()
	fake := clock.NewFake(start)
	config.Clock = fake
	e, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	s := &service{Emulator: e, t: t, url: server.URL, clock: fake}
	s.root = s.as(e.Accounts()[0].RootKey)
	if len(e.Accounts()) > 1 {
		s.other = s.as(e.Accounts()[1].RootKey)
	}
	return s
}

// client signs with one credential.
type client struct {
	*service
	key   Key
	token string
}

func (s *service) as(key Key) client { return client{service: s, key: key} }
func (s *service) withToken(id, secret, token string) client {
	return client{s, Key{id, secret}, token}
}

// reply is an answer: the body in case of success, status and code otherwise.
type reply struct {
	Status int
	Code   string
	Header http.Header
	Body   map[string]any
}

var nonceCounter atomic.Int64

func newNonce() string { return fmt.Sprint("nonce-", nonceCounter.Add(1)) }

// newRequest signs with V3, all parameters in the query.
func (c client) newRequest(of api, action string, p params) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/?"+p.canonical(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("x-acs-action", action)
	r.Header.Set("x-acs-version", of.version)
	r.Header.Set("x-acs-date", c.clock.Now().Format(wireTime))
	r.Header.Set("x-acs-signature-nonce", newNonce())
	if c.token != "" {
		r.Header.Set("x-acs-security-token", c.token)
		r.Header.Set("x-acs-accesskey-id", c.key.ID)
	}
	signTestRequest(r, "", c.key)
	return r
}

// signTestRequest is written apart from the server's verification, so that the two
// check each other: it works on the request to send, not on a parsed one.
func signTestRequest(r *http.Request, body string, key Key) {
	hash := hexSHA256([]byte(body))
	r.Header.Set("x-acs-content-sha256", hash)
	names := mustSign(r.Header)
	canonical := r.Method + "\n/\n" + r.URL.RawQuery + "\n"
	for _, name := range names {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		canonical += name + ":" + value + "\n"
	}
	canonical += "\n" + strings.Join(names, ";") + "\n" + hash
	r.Header.Set("Authorization", fmt.Sprintf("ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
		key.ID, strings.Join(names, ";"), signV3(key.Secret, "ACS3-HMAC-SHA256\n"+hexSHA256([]byte(canonical)))))
}

// do sends a call and returns whatever came back.
func (c client) do(of api, action string, p params) reply {
	c.t.Helper()
	return send(c.t, c.newRequest(of, action, p))
}

func send(t *testing.T, r *http.Request) reply {
	t.Helper()
	got, text := deliver(t, r)
	if err := json.Unmarshal(text, &got.Body); err != nil {
		t.Fatalf("the answer is no JSON: %v\n%s", err, text)
	}
	got.Code, _ = got.Body["Code"].(string)
	return got
}

// body is the text of an answer.
func body(t *testing.T, r *http.Request) string {
	t.Helper()
	_, text := deliver(t, r)
	return string(text)
}

// deliver sends a request and reads the whole answer, but does not look into it.
func deliver(t *testing.T, r *http.Request) (reply, []byte) {
	t.Helper()
	answered, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answered.Body.Close()
	text, err := io.ReadAll(answered.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{Status: answered.StatusCode, Header: answered.Header}, text
}

// recorder answers a request without a network.
func recorder(t *testing.T, e *Emulator, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

// must sends a call that has to succeed.
func (c client) must(of api, action string, p params) reply {
	c.t.Helper()
	got := c.do(of, action, p)
	if got.Status != http.StatusOK {
		c.t.Fatalf("%s %v: got %d %s: %v, want success", action, p, got.Status, got.Code, got.Body["Message"])
	}
	return got
}

// refused sends a call that has to fail with a status and code.
func (c client) refused(of api, action string, p params, status int, code string) reply {
	c.t.Helper()
	got := c.do(of, action, p)
	if got.Status != status || got.Code != code {
		c.t.Errorf("%s %v: got %d %q, want %d %q", action, p, got.Status, got.Code, status, code)
	}
	return got
}

// at walks into the body: "User.UserId", "Users.User.0.UserName". Missing is "".
func (r reply) at(path string) string {
	var value any = r.Body
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			var n int
			if _, err := fmt.Sscan(step, &n); err != nil || n >= len(v) {
				return ""
			}
			value = v[n]
		default:
			return ""
		}
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// each collects one field of every element of a list: each("Users.User", "UserName").
func (r reply) each(path, name string) []string {
	var value any = r.Body
	for step := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[step]
	}
	var found []string
	list, _ := value.([]any)
	for _, element := range list {
		object, _ := element.(map[string]any)
		found = append(found, fmt.Sprint(object[name]))
	}
	return found
}
