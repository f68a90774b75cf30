package accesskey_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// logged is a test whose context has a logger at the most talkative level.
type logged struct {
	testing.TB
	ctx context.Context //nolint:containedctx // it stands in for the test's own
}

func (l logged) Context() context.Context { return l.ctx }

// lines collects what is logged, from any goroutine.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The secret of a key is in one place: the attribute. Not in a log line, a diagnostic,
// private state or the identity, whatever goes wrong on the way.
func TestAccessKey_secretIsOnlyInState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := newWorld(t, env)
	var log lines
	w.Protocol = env.Protocol(logged{t, tflogtest.RootLogger(t.Context(), &log)}, w.arguments)

	var secrets, shown []string
	note := func(key acctest.Object, diags acctest.Diagnostics) acctest.Object {
		if secret := w.text(key, "secret"); secret != "" {
			secrets = append(secrets, secret)
		}
		identity, err := json.Marshal(w.IdentityAttributes(key))
		w.must(err)
		shown = append(shown, string(key.Private), string(identity))
		shown = append(append(shown, diags.Errors()...), diags.Warnings()...)
		return key
	}
	w.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset(), emulator.TruncatedBody())
	key := note(w.Apply(w.plan(gone, config())))
	key = note(w.Apply(w.plan(key, config("status", "Inactive", "rotate_when_changed", month("1")))))
	w.Emulator.Fail("UpdateAccessKey", emulator.Refuse(403, "NoPermission", "no"))
	key = note(w.Apply(w.plan(key, config("status", "Active", "rotate_when_changed", month("1")))))
	w.Clock.Advance(time.Minute)
	key = note(w.Read(key))
	w.Emulator.Fail("DeleteAccessKey", emulator.Refuse(403, "NoPermission", "no"))
	note(w.Apply(w.plan(key, nil)))

	if len(secrets) < 4 {
		t.Fatalf("%d secrets were in state; the test does not test what it should", len(secrets))
	}
	if !strings.Contains(log.String(), "CreateAccessKey") {
		t.Fatal("the log has no line about CreateAccessKey; the test does not test what it should")
	}
	for _, secret := range append(secrets, env.Admin.Secret) {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows a secret")
		}
		for _, text := range shown {
			if strings.Contains(text, secret) {
				t.Errorf("a secret is shown in: %s", text)
			}
		}
	}
}

// The secrets of a series are in one place each: the attribute of their slot.
func TestRotating_secretsAreOnlyInTheirSlots(t *testing.T) {
	t.Parallel()
	s := newSeries(t)
	var log lines
	s.Protocol = s.Env.Protocol(logged{t, tflogtest.RootLogger(t.Context(), &log)}, s.arguments)
	var secrets, shown []string
	note := func(object acctest.Object, diags acctest.Diagnostics) acctest.Object {
		for _, slot := range []string{"current", "previous"} {
			if secret := s.in(object, slot, "secret"); secret != "" {
				secrets = append(secrets, secret)
			}
		}
		identity, err := json.Marshal(s.IdentityAttributes(object))
		s.must(err)
		shown = append(shown, string(object.Private), string(identity))
		shown = append(append(shown, diags.Errors()...), diags.Warnings()...)
		return object
	}
	s.Emulator.Fail("CreateAccessKey", emulator.CommitThenReset(), emulator.TruncatedBody())
	object := note(s.Apply(s.plan(gone, quarterly())))
	for n := range 3 {
		planned := s.plan(object, quarterly("rotate_when_changed", month(string(rune('1'+n)))))
		shown = append(append(shown, planned.Diagnostics.Warnings()...), string(planned.Private))
		object = note(s.Apply(planned))
		s.Clock.Advance(time.Minute)
		object = note(s.Read(object))
	}
	if len(secrets) < 6 || !strings.Contains(log.String(), "CreateAccessKey") {
		t.Fatalf("%d secrets were in state; the test does not test what it should", len(secrets))
	}
	for _, secret := range secrets {
		for _, text := range append(shown, log.String()) {
			if strings.Contains(text, secret) {
				t.Error("a secret is shown in a log, a message, private state or the identity")
			}
		}
	}
}
