package ramclient

import (
	"cmp"
	"context"
	"iter"
)

// Role is a RAM role.
type Role struct {
	RoleID   string `json:"RoleId"`
	RoleName string
	// ARN is "acs:ram::<account>:role/<name>"; compare it without regard to case, since
	// the service may give the name in lower case.
	ARN string `json:"Arn"`
	// Description has at most 1,024 characters. Empty if there is none.
	Description string
	// AssumeRolePolicyDocument is the trust policy, perhaps spaced otherwise than it was
	// sent. Empty from ListRoles.
	AssumeRolePolicyDocument string
	// MaxSessionDuration is in seconds, 3600 to 43200.
	MaxSessionDuration int
	CreateDate         Time
	// UpdateDate is zero in the answer of CreateRole.
	UpdateDate Time
	// Tags are nil except from ListRoles; GetRole never tells them.
	Tags Tags
}

type roleAnswer struct{ Role Role }

func (a *roleAnswer) Check() error {
	return cmp.Or(
		missing("Role.RoleId", a.Role.RoleID),
		missing("Role.RoleName", a.Role.RoleName),
		missing("Role.Arn", a.Role.ARN))
}

type roleByName struct {
	RoleName string `param:"RoleName,required"`
}

// CreateRoleInput is the input of CreateRole.
type CreateRoleInput struct {
	// RoleName has 1 to 64 of letters, digits, ".", "-".
	RoleName                 string `param:"RoleName,required"`
	AssumeRolePolicyDocument string `param:"AssumeRolePolicyDocument,required,body"`
	Description              string `param:"Description"`
	// MaxSessionDuration in seconds; left out it is 3600.
	MaxSessionDuration int  `param:"MaxSessionDuration"`
	Tags               Tags `param:"Tag,json"`
}

// CreateRole creates a role (RAM 2015-05-01: CreateRole). Errors:
// EntityAlreadyExists.Role, LimitExceeded.Role, MalformedPolicyDocument,
// InvalidParameter.RoleName.*, InvalidParameter.AssumeRolePolicyDocument.Length.
func (c *Client) CreateRole(ctx context.Context, in CreateRoleInput) (Role, error) {
	var out roleAnswer
	err := c.do(ctx, OpCreateRole, in, &out)
	return out.Role, err
}

// GetRole reads a role with its trust policy but without its tags (RAM 2015-05-01:
// GetRole). Errors: EntityNotExist.Role.
func (c *Client) GetRole(ctx context.Context, roleName string) (Role, error) {
	var out roleAnswer
	err := c.do(ctx, OpGetRole, roleByName{roleName}, &out)
	return out.Role, err
}

// UpdateRoleInput is the input of UpdateRole. Empty and nil leave a field as it is; a
// pointer to "" clears it.
type UpdateRoleInput struct {
	RoleName                    string  `param:"RoleName,required"`
	NewAssumeRolePolicyDocument string  `param:"NewAssumeRolePolicyDocument,body"`
	NewDescription              *string `param:"NewDescription"`
	NewMaxSessionDuration       int     `param:"NewMaxSessionDuration"`
}

// UpdateRole changes a role; its name stays (RAM 2015-05-01: UpdateRole). Errors:
// EntityNotExist.Role, MalformedPolicyDocument.
func (c *Client) UpdateRole(ctx context.Context, in UpdateRoleInput) (Role, error) {
	var out roleAnswer
	err := c.do(ctx, OpUpdateRole, in, &out)
	return out.Role, err
}

// DeleteRole deletes a role for good; there is no bin (RAM 2015-05-01: DeleteRole).
// Errors: EntityNotExist.Role, DeleteConflict.Role.Policy.
func (c *Client) DeleteRole(ctx context.Context, roleName string) error {
	return c.do(ctx, OpDeleteRole, roleByName{roleName}, nil)
}

// ListRoles lists all roles with their tags but without their trust policies, 1,000 a
// page (RAM 2015-05-01: ListRoles).
func (c *Client) ListRoles(ctx context.Context) iter.Seq2[Role, error] {
	return pages(OpListRoles.Name, func(marker string) (page[Role], error) { return c.rolesPage(ctx, marker) })
}

func (c *Client) rolesPage(ctx context.Context, marker string) (page[Role], error) {
	var out struct {
		marked
		Roles struct{ Role []Role }
	}
	err := c.do(ctx, OpListRoles, struct {
		Marker   string `param:"Marker"`
		MaxItems int    `param:"MaxItems"`
	}{marker, 1000}, &out)
	if err != nil {
		return page[Role]{}, err
	}
	next, err := out.after(OpListRoles.Name)
	return page[Role]{out.Roles.Role, next}, err
}
