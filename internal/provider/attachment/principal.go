package attachment

import (
	"context"
	"fmt"
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
	listed    ramclient.PrincipalType
	// renames is nil if the service cannot rename the principal.
	renames *renames

	attachOperation, detachOperation, listOperation rpc.Operation

	attach func(context.Context, *ramclient.Client, grant) error
	detach func(context.Context, *ramclient.Client, grant) error
}

// object says in words which principal is meant.
func (p principal) object(name string) string { return fmt.Sprintf("RAM %s %q", p.noun, name) }

// A holder is a principal by its name, and what it holds policies for: one resource
// group, or with an empty one the whole account.
type holder struct {
	name            string
	resourceGroupID string
}

// object says in words which policies are meant: those of this.
func (h holder) object(p principal) string {
	if h.resourceGroupID == "" {
		return p.object(h.name)
	}
	return p.object(h.name) + fmt.Sprintf(" for resource group %q", h.resourceGroupID)
}

// grant is one policy attached to one holder.
type grant struct {
	holder
	ramclient.PolicyRef
}

// object says in words which attachment is meant.
func (g grant) object(p principal, preposition string) string {
	return fmt.Sprintf("policy %q (%s) %s %s", g.PolicyName, g.PolicyType, preposition, g.holder.object(p))
}

func attaching(p principal, g grant) string { return "attach " + g.object(p, "to") }
func detaching(p principal, g grant) string { return "detach " + g.object(p, "from") }

// in finds the grant among the attached policies.
func (g grant) in(attached []ramclient.AttachedPolicy) (ramclient.AttachedPolicy, bool) {
	i := slices.IndexFunc(attached, func(policy ramclient.AttachedPolicy) bool { return refOf(policy) == g.PolicyRef })
	if i < 0 {
		return ramclient.AttachedPolicy{}, false
	}
	return attached[i], true
}

func refOf(attached ramclient.AttachedPolicy) ramclient.PolicyRef {
	return ramclient.PolicyRef{PolicyName: attached.PolicyName, PolicyType: attached.PolicyType}
}

var user = principal{
	noun: "user", kind: connection.User, attribute: "user_name", listed: ramclient.PrincipalUser, renames: &userRenames,
	attachOperation: ramclient.OpAttachPolicyToUser,
	detachOperation: ramclient.OpDetachPolicyFromUser,
	listOperation:   ramclient.OpListPoliciesForUser,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToUser(ctx, ramclient.UserPolicy{UserName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromUser(ctx, ramclient.UserPolicy{UserName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
}

var group = principal{
	noun: "group", kind: connection.Group, attribute: "group_name", listed: ramclient.PrincipalGroup, renames: &groupRenames,
	attachOperation: ramclient.OpAttachPolicyToGroup,
	detachOperation: ramclient.OpDetachPolicyFromGroup,
	listOperation:   ramclient.OpListPoliciesForGroup,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToGroup(ctx, ramclient.GroupPolicy{GroupName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromGroup(ctx, ramclient.GroupPolicy{GroupName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
}

var role = principal{
	noun: "role", kind: connection.Role, attribute: "role_name", listed: ramclient.PrincipalRole,
	attachOperation: ramclient.OpAttachPolicyToRole,
	detachOperation: ramclient.OpDetachPolicyFromRole,
	listOperation:   ramclient.OpListPoliciesForRole,
	attach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.AttachPolicyToRole(ctx, ramclient.RolePolicy{RoleName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
	detach: func(ctx context.Context, c *ramclient.Client, g grant) error {
		return c.DetachPolicyFromRole(ctx, ramclient.RolePolicy{RoleName: g.name, PolicyName: g.PolicyName, PolicyType: g.PolicyType, ResourceGroupID: g.resourceGroupID})
	},
}
