package accesskey_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/accesskey"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func table() permission.Table { return accesskey.NewResource().(permission.Declarer).Permissions() }

// needed are the permissions that the table calls necessary, and those that on_destroy =
// "purge" and require_idle need, which the lives below use.
func needed() []rpc.Operation {
	t := table()
	return append(slices.Concat(t.Read, t.Create, t.Update, t.Delete, t.Import), ramclient.OpDeleteAccessKeyInRecycleBin, ramclient.OpGetAccessKeyLastUsed)
}

// Only who purges needs the permission to, and only who requires idleness that to look.
func TestAccessKey_needsNoConditionalPermissionByDefault(t *testing.T) {
	t.Parallel()
	plain := table()
	plain.Update = []rpc.Operation{ramclient.OpUpdateAccessKey} // nothing is restored here
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: resourceType, Permissions: plain, Prepare: func(t testing.TB, e *acctest.Env) { t.Helper(); makeCI(t, e) },
		Create: config("status", "Inactive"), Update: config("status", "Active"),
	})
}

func TestRotating_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type: rotatingType, Permissions: accesskey.NewRotatingResource().(permission.Declarer).Permissions(),
		Prepare: func(t testing.TB, e *acctest.Env) { t.Helper(); makeCI(t, e) },
		Create:  quarterly(), Update: quarterly("rotate_when_changed", month("2")),
	})
}

func makeCI(t testing.TB, e *acctest.Env) {
	t.Helper()
	e.MakeUser(t, "ci")
}

// A whole life, imports included, with exactly these permissions and none of the optional
// ones.
func TestAccessKey_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := newWorld(t, env)
	env.As(env.Allowed(t, "limited", needed()...))
	w.restart()
	key := w.apply(gone, config("status", "Inactive", "on_destroy", "purge"))
	id := w.text(key, "access_key_id")
	key = w.wantEmptyPlan(key, config("status", "Inactive", "on_destroy", "purge"))
	w.Clock.Advance(time.Hour)
	w.rename()
	key = w.wantEmptyPlan(key, config("user_name", "deploy", "status", "Inactive", "on_destroy", "purge"))
	key = w.apply(key, config("user_name", "deploy", "status", "Active", "on_destroy", "purge"))
	if imported, diags := w.Import(resourceType, id); diags.HasError() || !imported.Exists() {
		t.Errorf("import: %q", diags.Errors())
	}
	w.Clock.Advance(time.Hour)
	w.recycleKey(id)
	if imported, diags := w.Import(resourceType, id); diags.HasError() || !imported.Exists() {
		t.Errorf("import from the bin: %q", diags.Errors())
	}
	w.restart()
	key = w.MustRead(key)
	restored := config("user_name", "deploy", "on_destroy", "purge", "on_recycled", "restore")
	key = w.wantEmptyPlan(w.apply(key, restored), restored)
	w.recycleKey(id)
	w.Clock.Advance(time.Hour)
	w.restart()
	key = w.MustRead(key)
	planned := w.plan(key, config("user_name", "deploy", "on_destroy", "purge", "require_idle", "2h"))
	key, diags := w.Apply(planned)
	if diags.HasError() {
		t.Fatalf("replacing a recycled key: %q", diags.Errors())
	}
	w.apply(key, nil)
	w.wantLive(map[string]ramclient.AccessKeyStatus{})
	w.wantRecycled()
}

// Each operation that the table calls necessary is: without it something fails, with one
// error that names the permission.
func TestAccessKey_needsEachPermission(t *testing.T) {
	t.Parallel()
	for _, operation := range needed() {
		t.Run(operation.Name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			w := newWorld(t, env)
			rest := slices.DeleteFunc(needed(), func(other rpc.Operation) bool { return other.Name == operation.Name })
			binned := w.colleagueKey()
			w.recycleKey(binned)
			env.As(env.Allowed(t, "limited", rest...))
			w.restart()

			var failures []string
			say := func(diags acctest.Diagnostics) bool {
				failures = append(failures, diags.Errors()...)
				return diags.HasError()
			}
			key, diags := w.Apply(w.plan(gone, config("status", "Inactive", "on_destroy", "purge")))
			failed := say(diags)
			if key.Exists() {
				// Whatever failed, the key that was made is in state with its secret.
				w.wantLive(map[string]ramclient.AccessKeyStatus{w.text(key, "access_key_id"): ramclient.AccessKeyStatus(w.text(key, "status"))})
			} else {
				w.wantLive(map[string]ramclient.AccessKeyStatus{})
			}
			if !failed {
				w.Clock.Advance(time.Hour)
				_, diags = w.Import(resourceType, binned)
				failed = say(diags)
			}
			if !failed {
				w.recycleKey(w.text(key, "access_key_id"))
				w.restart()
				key, diags = w.Read(key)
				failed = say(diags)
			}
			if !failed {
				key, diags = w.Apply(w.plan(key, config("on_destroy", "purge", "on_recycled", "restore", "require_idle", "2h")))
				failed = say(diags)
			}
			if !failed {
				left, diags := w.Apply(w.plan(key, nil))
				if failed = say(diags); failed && (w.text(left, "secret") == "" || w.text(left, "status") == "Active") {
					t.Errorf("left in state: %v", w.Attributes(left.Value))
				}
			}
			if len(failures) != 1 {
				t.Fatalf("errors: %q, want one", failures)
			}
			acctest.RequireAmong(t, failures, "NoPermission", operation.Permission(), "RequestId")
		})
	}
}
