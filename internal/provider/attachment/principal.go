package attachment

import (
	"context"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// A principal is a kind of identity that policies are attached to: what it is called,
// and the operations of its own that the service has for it.
type principal struct {
	noun      string // "user"
	kind      string // of connection.Parent
	attribute string // "user_name"
	// renames is nil if the service cannot rename the principal.
	renames *renames

	attachOperation, detachOperation, listOperation rpc.Operation

	attach func(context.Context, *ramclient.Client, grant) error
	detach func(context.Context, *ramclient.Client, grant) error
	list   func(context.Context, *ramclient.Client, string) ([]ramclient.AttachedPolicy, error)
	shared func(context.Context, *ramclient.SharedReads, string) ([]ramclient.AttachedPolicy, error)
}

// grant is one policy attached to one principal, for the whole account.
type grant struct {
	principal  string
	policyName string
	policyType ramclient.PolicyType
}

// in finds the grant among the attached policies.
func (g grant) in(attached []ramclient.AttachedPolicy) (ramclient.AttachedPolicy, bool) {
	i := slices.IndexFunc(attached, func(policy ramclient.AttachedPolicy) bool {
		return policy.PolicyName == g.policyName && policy.PolicyType == g.policyType
	})
	if i < 0 {
		return ramclient.AttachedPolicy{}, false
	}
	return attached[i], true
}

var user = principal{
	noun: "user", kind: connection.User, attribute: "user_name", renames: &userRenames,
	attachOperation: ramclient.OpAttachPolicyToUser,
	detachOperation: ramclient.OpDetachPolicyFromUser,
	listOperation:   ramclient.OpListPoliciesForUser,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromUser(ctx, ramclient.UserPolicy{UserName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	list: func(ctx context.Context, c *ramclient.Client, name string) ([]ramclient.AttachedPolicy, error) {
		return c.ListPoliciesForUser(ctx, name)
	},
	shared: func(ctx context.Context, reads *ramclient.SharedReads, name string) ([]ramclient.AttachedPolicy, error) {
		return reads.PoliciesForUser(ctx, name)
	},
}

var group = principal{
	noun: "group", kind: connection.Group, attribute: "group_name", renames: &groupRenames,
	attachOperation: ramclient.OpAttachPolicyToGroup,
	detachOperation: ramclient.OpDetachPolicyFromGroup,
	listOperation:   ramclient.OpListPoliciesForGroup,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromGroup(ctx, ramclient.GroupPolicy{GroupName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	list: func(ctx context.Context, c *ramclient.Client, name string) ([]ramclient.AttachedPolicy, error) {
		return c.ListPoliciesForGroup(ctx, name)
	},
	shared: func(ctx context.Context, reads *ramclient.SharedReads, name string) ([]ramclient.AttachedPolicy, error) {
		return reads.PoliciesForGroup(ctx, name)
	},
}

var role = principal{
	noun: "role", kind: connection.Role, attribute: "role_name",
	attachOperation: ramclient.OpAttachPolicyToRole,
	detachOperation: ramclient.OpDetachPolicyFromRole,
	listOperation:   ramclient.OpListPoliciesForRole,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromRole(ctx, ramclient.RolePolicy{RoleName: g.principal, PolicyName: g.policyName, PolicyType: g.policyType})
	},
	list: func(ctx context.Context, c *ramclient.Client, name string) ([]ramclient.AttachedPolicy, error) {
		return c.ListPoliciesForRole(ctx, name)
	},
	shared: func(ctx context.Context, reads *ramclient.SharedReads, name string) ([]ramclient.AttachedPolicy, error) {
		return reads.PoliciesForRole(ctx, name)
	},
}
