package rpc

import (
	"errors"
	"testing"
)

// A lost request is repeated under its own nonce, once and whatever the class of its
// operation, and what comes back is told.
func TestRepeat(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		second reply
		code   string // empty for a success
	}{
		"acts":      {good, ""},
		"seen":      {refuse(400, "SignatureNonceUsed"), "SignatureNonceUsed"},
		"throttled": {refuse(400, "Throttling.User"), "Throttling.User"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, reset, test.second)
			client, _ := s.client()
			var lost, again *Error
			if err := client.Do(t.Context(), createThing, nil, nil); !errors.As(err, &lost) || !lost.Ambiguous {
				t.Fatalf("the first request ended with %v, want an ambiguous error", err)
			}
			var out thing
			err := client.Repeat(t.Context(), lost, createThing, nil, &out)
			if errors.As(err, &again); test.code == "" && (err != nil || out.Name != "n") || test.code != "" && (again == nil || again.Code != test.code) {
				t.Errorf("got %v, %+v; want code %q", err, out, test.code)
			}
			sent := s.sent()
			if len(sent) != 2 {
				t.Fatalf("%d requests, want 2", len(sent))
			}
			const header = "X-Acs-Signature-Nonce"
			if first, second := sent[0].Header.Get(header), sent[1].Header.Get(header); first != second || first == "" || first != lost.nonce {
				t.Errorf("nonces %q and %q, want both %q", first, second, lost.nonce)
			}
		})
	}
}

// A nonce is remembered with its key: under another key the copy might act again.
func TestRepeat_otherCredentials(t *testing.T) {
	t.Parallel()
	s := serve(t, good)
	client, _ := s.client()
	failed := &Error{Action: "CreateThing", AccessKeyID: "LTAIexample000000000009", nonce: "n"}
	if err := client.Repeat(t.Context(), failed, createThing, nil, nil); !errors.Is(err, ErrOtherCredentials) {
		t.Errorf("got %v, want %v", err, ErrOtherCredentials)
	}
	if got := len(s.sent()); got != 0 {
		t.Errorf("%d requests were sent, want none", got)
	}
}
