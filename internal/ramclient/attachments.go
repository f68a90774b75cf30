package ramclient

import "context"

// UserPolicy attaches a policy to a user. An empty ResourceGroupID means the whole
// account; such grants are the only ones that ListPoliciesFor… shows.
type UserPolicy struct {
	UserName        string     `param:"UserName,required"`
	PolicyName      string     `param:"PolicyName,required"`
	PolicyType      PolicyType `param:"PolicyType,required"`
	ResourceGroupID string     `param:"ResourceGroupId"`
}

// GroupPolicy attaches a policy to a group. See UserPolicy.
type GroupPolicy struct {
	GroupName       string     `param:"GroupName,required"`
	PolicyName      string     `param:"PolicyName,required"`
	PolicyType      PolicyType `param:"PolicyType,required"`
	ResourceGroupID string     `param:"ResourceGroupId"`
}

// RolePolicy attaches a policy to a role. See UserPolicy.
type RolePolicy struct {
	RoleName        string     `param:"RoleName,required"`
	PolicyName      string     `param:"PolicyName,required"`
	PolicyType      PolicyType `param:"PolicyType,required"`
	ResourceGroupID string     `param:"ResourceGroupId"`
}

// AttachedPolicy is a policy from the point of view of whom it is attached to.
type AttachedPolicy struct {
	PolicyName     string
	PolicyType     PolicyType
	Description    string
	DefaultVersion string
	AttachDate     Time
}

// AttachPolicyToUser grants a policy (RAM 2015-05-01: AttachPolicyToUser). A user, a
// group or a role has at most 10 custom and 20 system policies unless raised. Errors:
// EntityNotExist.{User,Policy}, EntityAlreadyExists.User.Policy, LimitExceeded.User.Policy.
func (c *Client) AttachPolicyToUser(ctx context.Context, in UserPolicy) error {
	return c.do(ctx, OpAttachPolicyToUser, in, nil)
}

// AttachPolicyToGroup grants a policy (RAM 2015-05-01: AttachPolicyToGroup). Errors:
// EntityNotExist.{Group,Policy}, EntityAlreadyExists.Group.Policy, LimitExceeded.Group.Policy.
func (c *Client) AttachPolicyToGroup(ctx context.Context, in GroupPolicy) error {
	return c.do(ctx, OpAttachPolicyToGroup, in, nil)
}

// AttachPolicyToRole grants a policy (RAM 2015-05-01: AttachPolicyToRole). Errors:
// EntityNotExist.{Role,Policy}, EntityAlreadyExists.Role.Policy, LimitExceeded.Role.Policy.
func (c *Client) AttachPolicyToRole(ctx context.Context, in RolePolicy) error {
	return c.do(ctx, OpAttachPolicyToRole, in, nil)
}

// DetachPolicyFromUser takes a grant back (RAM 2015-05-01: DetachPolicyFromUser).
// Errors: EntityNotExist.User.Policy, EntityNotExist.{User,Policy}.
func (c *Client) DetachPolicyFromUser(ctx context.Context, in UserPolicy) error {
	return c.do(ctx, OpDetachPolicyFromUser, in, nil)
}

// DetachPolicyFromGroup takes a grant back (RAM 2015-05-01: DetachPolicyFromGroup).
// Errors: EntityNotExist.Group.Policy, EntityNotExist.{Group,Policy}.
func (c *Client) DetachPolicyFromGroup(ctx context.Context, in GroupPolicy) error {
	return c.do(ctx, OpDetachPolicyFromGroup, in, nil)
}

// DetachPolicyFromRole takes a grant back (RAM 2015-05-01: DetachPolicyFromRole).
// Errors: EntityNotExist.Role.Policy, EntityNotExist.{Role,Policy}.
func (c *Client) DetachPolicyFromRole(ctx context.Context, in RolePolicy) error {
	return c.do(ctx, OpDetachPolicyFromRole, in, nil)
}

type attachedPoliciesAnswer struct {
	Policies struct{ Policy []AttachedPolicy }
}

// ListPoliciesForUser lists the policies that a user has for the whole account; those
// of its groups and those for a resource group are not among them (RAM 2015-05-01:
// ListPoliciesForUser). Errors: EntityNotExist.User.
func (c *Client) ListPoliciesForUser(ctx context.Context, userName string) ([]AttachedPolicy, error) {
	var out attachedPoliciesAnswer
	err := c.do(ctx, OpListPoliciesForUser, struct {
		UserName string `param:"UserName,required"`
	}{userName}, &out)
	return out.Policies.Policy, err
}

// ListPoliciesForGroup lists the policies that a group has for the whole account (RAM
// 2015-05-01: ListPoliciesForGroup). Errors: EntityNotExist.Group.
func (c *Client) ListPoliciesForGroup(ctx context.Context, groupName string) ([]AttachedPolicy, error) {
	var out attachedPoliciesAnswer
	err := c.do(ctx, OpListPoliciesForGroup, groupByName{groupName}, &out)
	return out.Policies.Policy, err
}

// ListPoliciesForRole lists the policies that a role has for the whole account (RAM
// 2015-05-01: ListPoliciesForRole). Errors: EntityNotExist.Role.
func (c *Client) ListPoliciesForRole(ctx context.Context, roleName string) ([]AttachedPolicy, error) {
	var out attachedPoliciesAnswer
	err := c.do(ctx, OpListPoliciesForRole, roleByName{roleName}, &out)
	return out.Policies.Policy, err
}

// PolicyEntities are all to whom a policy is attached.
type PolicyEntities struct {
	Users  []PolicyUser
	Groups []PolicyGroup
	Roles  []PolicyRole
}

// PolicyUser is a user who has a policy.
type PolicyUser struct {
	UserID      string `json:"UserId"`
	UserName    string
	DisplayName string
	AttachDate  Time
}

// PolicyGroup is a group that has a policy.
type PolicyGroup struct {
	GroupName  string
	Comments   string
	AttachDate Time
}

// PolicyRole is a role that has a policy.
type PolicyRole struct {
	RoleID      string `json:"RoleId"`
	RoleName    string
	ARN         string `json:"Arn"`
	Description string
	AttachDate  Time
}

// ListEntitiesForPolicy lists to whom a policy is attached (RAM 2015-05-01:
// ListEntitiesForPolicy). Errors: EntityNotExist.Policy.
func (c *Client) ListEntitiesForPolicy(ctx context.Context, policy PolicyRef) (PolicyEntities, error) {
	var out struct {
		Users  struct{ User []PolicyUser }
		Groups struct{ Group []PolicyGroup }
		Roles  struct{ Role []PolicyRole }
	}
	err := c.do(ctx, OpListEntitiesForPolicy, policy, &out)
	return PolicyEntities{out.Users.User, out.Groups.Group, out.Roles.Role}, err
}
