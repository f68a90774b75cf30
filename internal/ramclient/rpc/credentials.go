package rpc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unique"
)

// redacted is what a Secret shows in place of its value, wherever it is printed.
const redacted = "[redacted]"

// Secret is a text that must not be shown. Every way Go has of printing a value
// (fmt verbs, slog, JSON) shows a placeholder; only Reveal gives the text.
// Redaction hangs on the type, so nobody has to remember it. The handle keeps the
// text behind a pointer, so that fmt shows no more than an address even where it may
// not call methods (an unexported field), and two equal secrets still compare equal.
type Secret struct{ text unique.Handle[string] }

// NewSecret hides text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{unique.Make(text)}
}

// Reveal returns the hidden text. Call it only where the text leaves for its one
// destination: the signature, the request body, Terraform state.
func (s Secret) Reveal() string {
	if s.IsEmpty() {
		return ""
	}
	return s.text.Value()
}

// IsEmpty says whether there is nothing to hide.
func (s Secret) IsEmpty() bool { return s == Secret{} }

// String implements fmt.Stringer.
func (s Secret) String() string {
	if s.IsEmpty() {
		return ""
	}
	return redacted
}

// Format implements fmt.Formatter, since verbs such as %d and %#v do not ask String.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON implements json.Marshaler. It never writes the text.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON implements json.Unmarshaler, for answers that carry a secret.
func (s *Secret) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*s = NewSecret(text)
	return nil
}

// Credentials sign one request. They are safe to print: the secret parts redact
// themselves by their type.
type Credentials struct {
	// AccessKeyID names the key: LTAI… of a RAM user, STS.… of a session.
	AccessKeyID string
	// AccessKeySecret signs.
	AccessKeySecret Secret
	// SecurityToken goes with session credentials; empty for a permanent key.
	SecurityToken Secret
	// Expiration is when a session ends; zero for a permanent key or an unknown end.
	Expiration time.Time
	// Source says in a few words where these came from, for error texts,
	// such as `profile "prod" (RamRoleArn)` or `provider argument access_key_id`.
	Source string
}

// A CredentialsProvider returns the credentials for the next request. It is asked
// for each attempt, so it should cache; it must be safe for concurrent use.
type CredentialsProvider interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// A Refresher is a CredentialsProvider that can replace credentials which the
// service has called expired. Refresh reports whether the next Credentials call
// may give other ones than stale; a static source says false.
type Refresher interface {
	Refresh(ctx context.Context, stale Credentials) bool
}
