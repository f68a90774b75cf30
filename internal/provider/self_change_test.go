package provider_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// own is an account in which Terraform runs as user "terraform", directly, and in roles
// "operator", which that user assumes, and "deployer", which operator's sessions assume.
type own struct {
	*acctest.Env
	direct, operator, deployer attributes
}

func newOwn(t *testing.T) own {
	t.Helper()
	env := acctest.New(t)
	roleARN := func(name string) string { return "acs:ram::" + env.AccountID + ":role/" + name }
	for name, trusted := range map[string]string{
		"operator": "acs:ram::" + env.AccountID + ":user/terraform",
		"deployer": roleARN("operator"),
		"other":    roleARN("operator"),
	} {
		_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust(trusted)})
		acctest.Must(t, err)
		if name != "other" {
			acctest.Must(t, env.Client.AttachPolicyToRole(t.Context(), ramclient.RolePolicy{
				RoleName: name, PolicyName: "AdministratorAccess", PolicyType: ramclient.PolicySystem,
			}))
		}
	}
	env.UserKey(t, "other")
	env.Emulator.ResetRequests()
	link := func(name string) any { return attributes{"role_arn": roleARN(name)} }
	return own{
		Env: env, direct: attributes{},
		operator: attributes{"assume_role": []any{link("operator")}},
		deployer: attributes{"assume_role": []any{link("operator"), link("deployer")}},
	}
}

func trust(principal string) string {
	return `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": "` + principal + `"}}]}`
}

// planDestroy imports an object and plans its destruction, each in a run of its own.
func (o own) planDestroy(t *testing.T, arguments attributes, resourceType, id string) (acctest.Planned, map[string]int) {
	t.Helper()
	object, diags := o.Protocol(t, nil).Import(resourceType, id)
	if diags.HasError() {
		t.Fatalf("import: %q", diags.Errors())
	}
	o.Emulator.ResetRequests()
	planned := o.Protocol(t, arguments).Plan(resourceType, object, nil)
	return planned, o.calls()
}

func (o own) calls() map[string]int {
	counts := map[string]int{}
	for _, request := range o.Emulator.Requests() {
		counts[request.Operation]++
	}
	return counts
}

func TestSelfChange_destroy(t *testing.T) {
	t.Parallel()
	const ask, assume = "GetCallerIdentity", "AssumeRole"
	tests := map[string]struct {
		as               func(own) attributes
		resourceType, id string
		want             string // in the error; empty for none
		calls            map[string]int
	}{
		"own user":              {func(o own) attributes { return o.direct }, "ram_user", "terraform", "signs as this user", map[string]int{ask: 1}},
		"another user":          {func(o own) attributes { return o.direct }, "ram_user", "other", "", map[string]int{ask: 1}},
		"user who assumes":      {func(o own) attributes { return o.operator }, "ram_user", "terraform", "this user (provider argument access_key_id (LTAI****", map[string]int{ask: 2, assume: 1}},
		"user under a chain":    {func(o own) attributes { return o.deployer }, "ram_user", "terraform", "assumes the role that the provider acts in", map[string]int{ask: 2, assume: 2}},
		"another under a chain": {func(o own) attributes { return o.deployer }, "ram_user", "other", "", map[string]int{ask: 2, assume: 2}},
		"own role":              {func(o own) attributes { return o.operator }, "ram_role", "operator", "acts in a session of this role", map[string]int{ask: 1, assume: 1}},
		"role under a chain":    {func(o own) attributes { return o.deployer }, "ram_role", "operator", "assumed from a session of this one", map[string]int{ask: 1, assume: 2}},
		"a role not in use":     {func(o own) attributes { return o.direct }, "ram_role", "operator", "", map[string]int{ask: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOwn(t)
			planned, calls := o.planDestroy(t, test.as(o), test.resourceType, test.id)
			if diff := cmp.Diff(test.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if test.want == "" {
				if planned.Diagnostics.HasError() {
					t.Errorf("refused: %q", planned.Diagnostics.Errors())
				}
				return
			}
			requireOne(t, planned.Diagnostics.Errors(), "Refusing to destroy", `"`+test.id+`"`, test.want, "allow_self_change = true")

			allowed := maps.Clone(test.as(o))
			allowed["allow_self_change"] = true
			planned, calls = o.planDestroy(t, allowed, test.resourceType, test.id)
			if planned.Diagnostics.HasError() || len(calls) > 0 {
				t.Errorf("with allow_self_change: %q, after %v", planned.Diagnostics.Errors(), calls)
			}
		})
	}
}
