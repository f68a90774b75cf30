package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// ref names the test's policy.
var ref = ramclient.PolicyRef{PolicyName: "demo", PolicyType: ramclient.PolicyCustom}

// versions lists the ids of the versions there are, the one in force with a star.
func versions(t *testing.T, env *acctest.Env) []string {
	t.Helper()
	all, err := env.Client.ListPolicyVersions(t.Context(), ref)
	acctest.Must(t, err)
	var ids []string
	for _, version := range all {
		id := version.VersionID
		if version.IsDefaultVersion {
			id += "*"
		}
		ids = append(ids, id)
	}
	return ids
}

func requireVersions(t *testing.T, env *acctest.Env, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, versions(t, env)); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// attachToUser gives the policy to the user ci, which is made if need be.
func attachToUser(t *testing.T, env *acctest.Env, resourceGroup string) {
	t.Helper()
	_, err := env.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: env.PrincipalName("ci"), DisplayName: "ci"})
	if !ramclient.IsAlreadyExists(err) {
		acctest.Must(t, err)
		env.Clock.Advance(settled)
	}
	acctest.Must(t, env.Client.AttachPolicyToUser(t.Context(), ramclient.UserPolicy{
		UserName: "ci", PolicyName: "demo", PolicyType: ramclient.PolicyCustom, ResourceGroupID: resourceGroup,
	}))
}

// attachEverywhere gives the policy to a user, a group and a role, and to the user once
// more for a resource group.
func attachEverywhere(t *testing.T, env *acctest.Env) {
	t.Helper()
	ctx := t.Context()
	_, err := env.Client.CreateRole(ctx, ramclient.CreateRoleInput{
		RoleName:                 "batch",
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs.aliyuncs.com"}}]}`,
	})
	acctest.Must(t, err)
	env.MakeGroup(t, "staff")
	env.Clock.Advance(settled)
	attachToUser(t, env, "")
	attachToUser(t, env, "rg-test")
	acctest.Must(t, env.Client.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: "staff", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
	acctest.Must(t, env.Client.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: "batch", PolicyName: "demo", PolicyType: ramclient.PolicyCustom}))
}
