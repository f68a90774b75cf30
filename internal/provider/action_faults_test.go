package provider_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// deeds do what every action is there for. TestActionFaultMatrix makes its cells of them.
func deeds() []acctest.Deed {
	return []acctest.Deed{
		{Action: "ram_access_key_disable", Prepare: func(t testing.TB, e *acctest.Env) map[string]any {
			t.Helper()
			return map[string]any{"access_key_id": e.UserKey(t, "demo").ID}
		}},
		{Action: "ram_access_key_restore", Prepare: recycledKey},
		{Action: "ram_access_key_purge", Prepare: recycledKey},
	}
}

func recycledKey(t testing.TB, e *acctest.Env) map[string]any {
	t.Helper()
	key := e.UserKey(t, "demo")
	acctest.Must(t, e.Client.DeleteAccessKey(t.Context(), ramclient.AccessKeyRef{UserPrincipalName: e.PrincipalName("demo"), AccessKeyID: key.ID}))
	return map[string]any{"access_key_id": key.ID}
}

func TestActionFaultMatrix(t *testing.T) {
	t.Parallel()
	reached := map[string][]string{}
	cells := 0
	for _, deed := range deeds() {
		operations := deed.Mutations(t)
		reached[deed.Action] = append(reached[deed.Action], operations...)
		cells += len(operations) * len(acctest.Faults())
		t.Run(deed.Action, func(t *testing.T) {
			t.Parallel()
			deed.RequireSurvivesFaults(t)
		})
	}
	t.Logf("%d cells", cells)
	for _, declared := range actions(t) {
		for _, operation := range declared.permissions.Invoke {
			if operation.Mutates && !slices.Contains(reached[declared.name], operation.Name) {
				t.Errorf("%s declares %s, which no deed calls", declared.name, operation.Name)
			}
		}
	}
}

// TestActions_permissions does every deed with exactly the permissions that its action
// declares, and once more without the one to write: that is one error which names it.
func TestActions_permissions(t *testing.T) {
	t.Parallel()
	for _, declared := range actions(t) {
		t.Run(declared.name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(deeds(), func(deed acctest.Deed) bool { return deed.Action == declared.name })
			if i < 0 {
				t.Fatal("no deed")
			}
			env := acctest.New(t)
			config := deeds()[i].Prepare(t, env)
			needed := declared.permissions.Invoke
			write := slices.IndexFunc(needed, func(o rpc.Operation) bool { return o.Mutates })
			allowed := env.Allowed(t, "allowed", needed...)
			reader := env.Allowed(t, "reader", slices.Delete(slices.Clone(needed), write, write+1)...)

			_, diags := env.As(reader).Protocol(t, nil).InvokeAction(declared.name, config)
			missing := needed[write].Permission()
			acctest.RequireOne(t, diags.Errors(), missing, "RequestId: ")
			p := env.As(allowed).Protocol(t, nil)
			if diags := p.PlanAction(declared.name, config); diags.HasError() {
				t.Errorf("plan with the declared permissions: %q", diags.Errors())
			}
			if _, diags := p.InvokeAction(declared.name, config); diags.HasError() {
				t.Errorf("with the declared permissions: %q", diags.Errors())
			}
		})
	}
}

// TestActions_account invokes nothing in an account that the provider must not touch.
func TestActions_account(t *testing.T) {
	t.Parallel()
	for _, deed := range deeds() {
		t.Run(deed.Action, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			config := deed.Prepare(t, env)
			env.Emulator.ResetRequests()
			p := env.Protocol(t, map[string]any{"forbidden_account_ids": []string{env.AccountID}})
			_, diags := p.InvokeAction(deed.Action, config)
			acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
			if n := env.Emulator.Total(); n != 1 {
				t.Errorf("%d calls, want the GetCallerIdentity", n)
			}
		})
	}
}

// A declaredAction is an action and what it needs.
type declaredAction struct {
	name        string
	permissions permission.Table
}

func actions(t *testing.T) []declaredAction {
	t.Helper()
	ram, ok := provider.New(provider.Host{}).(frameworkprovider.ProviderWithActions)
	if !ok {
		t.Fatal("the provider has no actions")
	}
	var all []declaredAction
	for _, newAction := range ram.Actions(t.Context()) {
		one := newAction()
		var named action.MetadataResponse
		one.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "ram"}, &named)
		declared, ok := one.(permission.Declarer)
		if !ok {
			t.Fatalf("%s does not declare its permissions", named.TypeName)
		}
		all = append(all, declaredAction{named.TypeName, declared.Permissions()})
	}
	return all
}
