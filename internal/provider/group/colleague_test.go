package group_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// settled is longer than a read doubts what contradicts the last write.
const settled = time.Minute

// What a colleague does to groups in the console.

func groupNamed(t *testing.T, env *acctest.Env, name string) ramclient.Group {
	t.Helper()
	group, err := env.Client.GetGroup(t.Context(), name)
	acctest.Must(t, err)
	return group
}

func renameOutside(t *testing.T, env *acctest.Env, from, to string) {
	t.Helper()
	_, err := env.Client.UpdateGroup(t.Context(), ramclient.UpdateGroupInput{GroupName: from, NewGroupName: &to})
	acctest.Must(t, err)
}

// burden gives the group dev a member, a policy, and a policy for a resource group.
func burden(t *testing.T, env *acctest.Env) {
	t.Helper()
	ctx, principal := t.Context(), env.PrincipalName("ci")
	env.MakeUser(t, "ci")
	acctest.Must(t, env.Client.AddUserToGroup(ctx, principal, "dev"))
	for _, scope := range []string{"", acctest.ResourceGroup} {
		acctest.Must(t, env.Client.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{
			GroupName: "dev", PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: ramclient.PolicySystem, ResourceGroupID: scope,
		}))
	}
	env.Clock.Advance(settled)
}
