package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	policyresource "github.com/ramprovider/terraform-provider-ram/internal/provider/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

func TestPolicy_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	for _, force := range []any{nil, true} {
		made := p.MustCreate("ram_policy", policy(attributes{"force_destroy": force}))
		env.Clock.Advance(settled)
		acctest.Must(t, env.Client.DeletePolicy(t.Context(), "demo", true))
		if _, diags := p.Apply(p.Plan("ram_policy", made, nil)); diags.HasError() {
			t.Errorf("destroying what is gone, force_destroy %v: %q", force, diags.Errors())
		}
		if read := p.MustRead(made); read.Exists() {
			t.Errorf("still in state: %s", read.Value)
		}
	}
}

func TestPolicy_forceDestroyListsAndDetaches(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, time.Second} {
		t.Run("lag "+lag.String(), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, func(c *emulator.Config) { c.Lag, c.ResourceGroups = lag, []string{"rg-test"} })
			p := env.Protocol(t, nil)
			made := p.MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
			env.Clock.Advance(settled)
			attachEverywhere(t, env)
			env.Clock.Advance(settled)

			planned := p.Plan("ram_policy", made, nil)
			warnings := planned.Diagnostics.Warnings()
			want := "user ci, group staff, role batch, " + env.PrincipalName("ci") + " for resource group rg-test."
			if len(warnings) != 1 || !strings.Contains(warnings[0], want) {
				t.Errorf("got %q, want one warning with %q", warnings, want)
			}
			if _, diags := p.Apply(planned); diags.HasError() {
				t.Errorf("destroy: %q", diags.Errors())
			}
			env.Clock.Advance(settled)
			if _, err := env.Client.GetPolicy(t.Context(), ref); !ramclient.IsNotFound(err) {
				t.Errorf("the policy is still there: %v", err)
			}
		})
	}
}

func TestPolicy_forceDestroyWithoutASightOfResourceGroups(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
	attachToUser(t, env, "")
	table := policyresource.NewResource().(permission.Declarer).Permissions()
	env.As(env.Allowed(t, "limited", append(table.Delete, ramclient.OpListEntitiesForPolicy, ramclient.OpDetachPolicyFromUser)...))
	p := env.Protocol(t, nil)
	if _, diags := p.Apply(p.Plan("ram_policy", made, nil)); diags.HasError() {
		t.Errorf("destroy: %q", diags.Errors())
	}
}

func TestPolicy_forceDestroyWithoutASightOfHolders(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
	table := policyresource.NewResource().(permission.Declarer).Permissions()
	env.As(env.Allowed(t, "limited", table.Delete...))
	warnings := env.Protocol(t, nil).Plan("ram_policy", made, nil).Diagnostics.Warnings()
	acctest.RequireOne(t, warnings, "Cannot list who has RAM policy", "ram:ListEntitiesForPolicy", "force_destroy is set")
}

func TestPolicy_withoutForceAConflictIsExplained(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_policy", policy(nil))
	attachToUser(t, env, "")
	left, diags := p.Apply(p.Plan("ram_policy", made, nil))
	if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "force_destroy = true") || !left.Exists() {
		t.Errorf("got %q, still in state: %t", errs, left.Exists())
	}
}

func TestPolicy_interruptedForceDestroy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.ResourceGroups = []string{"rg-test"} })
	p := env.Protocol(t, nil)
	object := p.MustCreate("ram_policy", policy(attributes{"force_destroy": true}))
	attachEverywhere(t, env)
	for _, operation := range []string{"ListEntitiesForPolicy", "DetachPolicyFromRole", "DetachPolicy", "DeletePolicy"} {
		planned := p.Plan("ram_policy", object, nil)
		env.Emulator.Fail(operation, emulator.Refuse(403, "NoPermission", "not yet"))
		left, diags := p.Apply(planned)
		if errs := diags.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "Action: "+operation) || !left.Exists() {
			t.Errorf("%s: got %q, still in state: %t", operation, errs, left.Exists())
		}
		object = left
	}
	if left, diags := p.Apply(p.Plan("ram_policy", object, nil)); diags.HasError() || left.Exists() {
		t.Errorf("got %q, still in state: %t", diags.Errors(), left.Exists())
	}
}
