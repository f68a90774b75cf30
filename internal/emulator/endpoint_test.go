package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decode turns what was read as plain JSON into a type.
func decode(t *testing.T, from, into any) {
	t.Helper()
	text, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// fetched is what a plain HTTP client sees; the zero value is a lost connection.
type fetched struct {
	status      int
	contentType string
	text        string
}

// fetch sends a request without a body; headers are name, value, name, value, …
func (s *service) fetch(t *testing.T, method, path string, headers ...string) fetched {
	t.Helper()
	return s.exchange(t, method, path, "", nil, headers...)
}

func (s *service) exchange(t *testing.T, method, path, contentType string, body io.Reader, headers ...string) fetched {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got := roundTrip(r)
	if got.err != nil {
		return fetched{}
	}
	return fetched{got.status, got.header.Get("Content-Type"), got.text}
}

// post sends a form.
func (s *service) post(t *testing.T, path string, form params, headers ...string) fetched {
	t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	return s.exchange(t, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()), headers...)
}

// postJSON sends an object.
func (s *service) postJSON(t *testing.T, path string, object params, headers ...string) fetched {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return s.exchange(t, http.MethodPost, path, "application/json", strings.NewReader(string(text)), headers...)
}

// reply reads the JSON of the answer.
func (f fetched) reply(t *testing.T) reply {
	t.Helper()
	got := reply{Status: f.status}
	if err := json.Unmarshal([]byte(f.text), &got.Body); err != nil {
		t.Fatalf("the answer %d is no JSON: %v\n%s", f.status, err, f.text)
	}
	got.Code, _ = got.Body["Code"].(string)
	return got
}

// mustBe compares the whole body.
func (r reply) mustBe(t *testing.T, format string, args ...any) {
	t.Helper()
	var want map[string]any
	if err := json.Unmarshal(fmt.Appendf(nil, format, args...), &want); err != nil {
		t.Fatalf("the expectation is no JSON: %v", err)
	}
	if diff := cmp.Diff(want, r.Body); diff != "" {
		t.Errorf("the answer (-want +got):\n%s", diff)
	}
}

// session signs with the key in an answer.
func (s *service) session(r reply) client {
	return s.withToken(r.at("AccessKeyId"), r.at("AccessKeySecret"), r.at("SecurityToken"))
}
