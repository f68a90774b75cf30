package user_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// usedKey gives the user ci a key that somebody uses now.
func usedKey(t *testing.T, env *acctest.Env) ramclient.AccessKey {
	t.Helper()
	key, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("ci"))
	acctest.Must(t, err)
	_, err = env.ClientFor(acctest.Key{ID: key.AccessKeyID, Secret: key.AccessKeySecret.Reveal()}).GetCallerIdentity(t.Context())
	acctest.Must(t, err)
	return key.AccessKey
}

// A forced destroy takes no key that was in use a moment ago, and then nothing else.
func TestUser_forceDestroyOfAUserInUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		requireIdle any
		sinceUse    time.Duration
		disabled    bool
		refused     bool
	}{
		"by default, used an hour ago":         {nil, time.Hour, false, true},
		"by default, used almost a day ago":    {nil, 24*time.Hour - time.Minute, false, true},
		"by default, used a day ago":           {nil, 24 * time.Hour, false, false},
		"of two hours, used an hour ago":       {"2h", time.Hour, false, true},
		"of two hours, used three hours ago":   {"2h", 3 * time.Hour, false, false},
		"of a week, used three days ago":       {"7d", 72 * time.Hour, false, true},
		"disabled since, but used an hour ago": {nil, time.Hour, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, func(c *emulator.Config) { c.LastUsedLag = time.Second })
			made := env.Protocol(t, nil).MustCreate("ram_user", user(attributes{"force_destroy": true, "require_idle": test.requireIdle}))
			env.Clock.Advance(settled)
			env.JoinGroup(t, "ci", "developers")
			key := usedKey(t, env)
			used := env.Clock.Now()
			if test.disabled {
				acctest.Must(t, env.Client.UpdateAccessKey(t.Context(), ramclient.AccessKeyRef{UserPrincipalName: env.PrincipalName("ci"), AccessKeyID: key.AccessKeyID}, ramclient.AccessKeyInactive))
			}
			env.Clock.Advance(test.sinceUse)
			env.Emulator.ResetRequests()

			p := env.Protocol(t, nil)
			left, diags := p.Apply(p.Plan("ram_user", made, nil))
			if !test.refused {
				if diags.HasError() {
					t.Fatalf("destroy: %q", diags.Errors())
				}
				return
			}
			acctest.RequireOne(t, diags.Errors(), `Refusing to delete RAM user "ci"`, "AccessKey "+key.AccessKeyID, "last used "+used.Format(time.RFC3339)+" with STS",
				"Nothing was changed", "apply again from")
			if got := writes(env); len(got) > 0 {
				t.Errorf("the refused destroy wrote %v", got)
			}
			if !left.Exists() {
				t.Error("the user has left the state")
			}
		})
	}
}

// Who cannot find out whether the keys are in use takes nothing.
func TestUser_forceDestroyOfAUserWhoseKeysAreNotSeen(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"ListAccessKeys", "GetAccessKeyLastUsed"} {
		env := acctest.New(t)
		made := env.Protocol(t, nil).MustCreate("ram_user", user(attributes{"force_destroy": true}))
		env.Clock.Advance(settled)
		_, err := env.Client.CreateAccessKey(t.Context(), env.PrincipalName("ci"))
		acctest.Must(t, err)
		p := env.Protocol(t, nil)
		planned := p.Plan("ram_user", made, nil)
		env.Emulator.ResetRequests()
		env.Emulator.Fail(operation, emulator.Refuse(403, "NoPermission", "You are not authorized."))
		left, diags := p.Apply(planned)
		acctest.RequireOne(t, diags.Errors(), `Cannot find out whether the AccessKeys of RAM user "ci" are in use; nothing was changed`, "Action: "+operation)
		if got := writes(env); !slices.Equal(got, nil) {
			t.Errorf("%s refused: the destroy wrote %v", operation, got)
		}
		if !left.Exists() {
			t.Error("the user has left the state")
		}
	}
}
