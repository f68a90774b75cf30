package accesskey_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// The calls of a life: nothing is asked that need not be.
func TestAccessKey_calls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	planned := w.plan(gone, config("on_destroy", "purge"))
	w.wantCalls("GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys")
	key, _ := w.Apply(planned)
	w.wantCalls("GetUser", "ListAccessKeys", "CreateAccessKey")

	key = w.wantEmptyPlan(key, config("on_destroy", "purge"))
	w.wantCalls("GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys")

	w.restart()
	key = w.apply(key, config("on_destroy", "purge", "status", "Inactive"))
	w.wantCalls("GetCallerIdentity", "GetDefaultDomain", "UpdateAccessKey")

	w.restart()
	planned = w.plan(key, nil)
	w.wantCalls("GetCallerIdentity", "ListAccessKeysInRecycleBin")
	if _, diags := w.Apply(planned); diags.HasError() {
		t.Fatalf("destroy: %q", diags.Errors())
	}
	w.wantCalls("GetDefaultDomain", "UpdateAccessKey", "ListAccessKeys", "DeleteAccessKey", "ListAccessKeysInRecycleBin", "DeleteAccessKeyInRecycleBin")
}

// The keys of one user are read with one list.
func TestAccessKey_oneListPerUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	first := w.apply(gone, config())
	second := w.apply(gone, config())
	w.restart()
	w.calls()
	w.MustRead(first)
	w.MustRead(second)
	w.wantCalls("GetCallerIdentity", "GetDefaultDomain", "ListAccessKeys")
}

func TestAccessKey_attributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	got := w.Attributes(key.Value)
	for _, unpredictable := range []string{"access_key_id", "secret"} {
		if text, _ := got[unpredictable].(string); text == "" {
			t.Errorf("%s is empty", unpredictable)
		}
		delete(got, unpredictable)
	}
	want := map[string]any{
		"user_name": "ci", "status": "Active", "rotate_when_changed": nil, "on_destroy": nil, "on_lost_answer": nil, "on_recycled": nil,
		"rotation_period": nil, "require_idle": nil, "quarantine": nil, "timeouts": nil,
		"age_recipients": nil, "pgp_key": nil, "encrypted_secret": nil, "key_fingerprint": nil,
		"create_date": acctest.Start.Format(time.RFC3339), "secret_version": float64(acctest.Start.Unix()),
		"user_id": w.user.UserID, "account_id": w.AccountID,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	wantIdentity := map[string]any{"access_key_id": w.text(key, "access_key_id"), "account_id": w.AccountID}
	if diff := cmp.Diff(wantIdentity, w.IdentityAttributes(key)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	// The secret in state is the one that works.
	client := w.ClientFor(acctest.Key{ID: w.text(key, "access_key_id"), Secret: w.text(key, "secret")})
	if caller, err := client.GetCallerIdentity(t.Context()); err != nil || caller.UserID != w.user.UserID {
		t.Errorf("the new key signs as %+v, %v", caller, err)
	}
}

func TestAccessKey_createdInactive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("status", "Inactive"))
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): ramclient.AccessKeyInactive})
	w.wantEmptyPlan(key, config("status", "Inactive"))
}

// A new key that cannot be disabled stays in state, with its secret.
func TestAccessKey_statusFailsAfterCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.Emulator.Fail("UpdateAccessKey", emulator.Refuse(403, "NoPermission", "You are not authorized."))
	left, diags := w.Apply(w.plan(gone, config("status", "Inactive")))
	acctest.RequireAmong(t, diags.Errors(), "Cannot set the status of the new AccessKey", "NoPermission", "RequestId")
	if w.text(left, "secret") == "" || w.text(left, "status") != "Active" {
		t.Errorf("state after the failure: %v", w.Attributes(left.Value))
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(left, "access_key_id"): ramclient.AccessKeyActive})
}

func TestAccessKey_statusLeftOutIsFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Clock.Advance(time.Hour)
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(w.text(key, "access_key_id")), ramclient.AccessKeyInactive))
	key = w.wantEmptyPlan(key, config())
	if got := w.text(key, "status"); got != "Inactive" {
		t.Errorf("status is %q, want Inactive", got)
	}
	// Not even another change switches it on.
	key = w.apply(key, config("on_destroy", "purge"))
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): ramclient.AccessKeyInactive})
}

func TestAccessKey_writtenActiveReEnablesWithAWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("status", "Active"))
	w.Clock.Advance(time.Hour)
	w.must(w.Client.UpdateAccessKey(t.Context(), w.ref(w.text(key, "access_key_id")), ramclient.AccessKeyInactive))
	disabledAt := w.Clock.Now().Format(time.RFC3339)
	w.Clock.Advance(time.Hour)

	w.restart()
	key = w.MustRead(key)
	planned := w.plan(key, config("status", "Active"))
	acctest.RequireAmong(t, planned.Diagnostics.Warnings(), "will be enabled again", "disabled outside of Terraform", disabledAt)
	if _, diags := w.Apply(planned); diags.HasError() {
		t.Fatal(diags.Errors())
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): ramclient.AccessKeyActive})
}

// Who switches the status in the configuration needs no warning.
func TestAccessKey_ownSwitchIsNoSurprise(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("status", "Inactive"))
	key = w.wantEmptyPlan(key, config("status", "Inactive"))
	planned := w.plan(key, config("status", "Active"))
	wantNone(t, "warning", planned.Diagnostics.Warnings())
	key, _ = w.Apply(planned)
	w.wantEmptyPlan(key, config("status", "Active"))
}

func TestAccessKey_plaintextSecrets(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := newWorld(t, env)
	key := w.apply(gone, config())
	for choice, want := range map[any]struct{ warnings, errors int }{nil: {1, 0}, "warn": {1, 0}, "allow": {0, 0}, "error": {0, 1}} {
		p := env.Protocol(t, map[string]any{"plaintext_secrets": choice})
		planned := p.Plan(resourceType, gone, config())
		if w, e := len(planned.Diagnostics.Warnings()), len(planned.Diagnostics.Errors()); w != want.warnings || e != want.errors {
			t.Errorf("%v: %d warnings and %d errors, want %+v", choice, w, e, want)
		}
		again := p.Plan(resourceType, key, config("on_destroy", "purge"))
		if len(again.Diagnostics) > 0 {
			t.Errorf("%v: no secret is created, yet it says %q", choice, again.Diagnostics.Warnings())
		}
		replaced := p.Plan(resourceType, key, config("rotate_when_changed", map[string]string{"month": "2"}))
		if w, e := len(replaced.Diagnostics.Warnings()), len(replaced.Diagnostics.Errors()); w != want.warnings || e != want.errors {
			t.Errorf("%v, replaced: %d warnings and %d errors, want %+v", choice, w, e, want)
		}
	}
}

func TestAccessKey_invalidConfig(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	for attribute, value := range map[string]any{
		"user_name": "not a name", "status": "Recycled", "on_destroy": "delete", "on_lost_answer": "retry", "on_recycled": "purge",
		"require_idle": "119m", "quarantine": "20m", "rotation_period": "a while",
	} {
		diags := w.Validate(resourceType, config(attribute, value))
		acctest.RequireAmong(t, diags.Errors(), attribute)
	}
	w.wantCalls()
}

func TestAccessKey_wrongAccountKeepsTheState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := newWorld(t, env)
	key := w.apply(gone, config())
	other := env.Emulator.Accounts()[1]
	env.As(acctest.Key{ID: other.RootKey.ID, Secret: other.RootKey.Secret})
	w.restart()
	left, diags := w.Read(key)
	acctest.RequireAmong(t, diags.Errors(), "Wrong Alibaba Cloud account", other.ID, env.AccountID)
	if !left.Exists() {
		t.Error("the key has left the state")
	}
	planned := w.Plan(resourceType, key, nil)
	acctest.RequireAmong(t, planned.Diagnostics.Errors(), "Wrong Alibaba Cloud account")
	planned.Diagnostics = nil // as if the credentials had changed between plan and apply
	left, diags = w.Apply(planned)
	acctest.RequireAmong(t, diags.Errors(), "Wrong Alibaba Cloud account")
	if !left.Exists() {
		t.Error("the key has left the state on destroy")
	}
	w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): ramclient.AccessKeyActive})
}

// Reads lag by a second and the user is new: one apply, then an empty plan.
func TestAccessKey_lag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second }))
	user := map[string]any{"name": "deploy"}
	planned := w.Plan("ram_user", acctest.Object{}, user)
	keyPlan := w.plan(gone, config("user_name", "deploy"))
	if _, diags := w.Apply(planned); diags.HasError() {
		t.Fatalf("user: %q", diags.Errors())
	}
	key, diags := w.Apply(keyPlan)
	if diags.HasError() {
		t.Fatalf("key: %q", diags.Errors())
	}
	key = w.wantEmptyPlan(key, config("user_name", "deploy"))
	key = w.apply(key, config("user_name", "deploy", "status", "Inactive"))
	key = w.wantEmptyPlan(key, config("user_name", "deploy", "status", "Inactive"))
	w.apply(key, nil)
}

// A saved plan can be applied whenever: nothing in it hangs on the clock.
func TestAccessKey_savedPlanAppliedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config("rotate_when_changed", map[string]string{"month": "1"}))
	for _, planned := range []acctest.Planned{
		w.plan(gone, config()),
		w.plan(key, config("rotate_when_changed", map[string]string{"month": "2"})),
	} {
		w.Clock.Advance(20 * 24 * time.Hour)
		w.restart()
		if _, diags := w.Apply(planned); diags.HasError() {
			t.Errorf("apply: %q", diags.Errors())
		}
	}
}
