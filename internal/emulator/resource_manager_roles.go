package emulator

import "strings"

// ResourceManager has operations of its own on the roles of RAM ("ResourceManager API:
// GetRole" and others). They show more of a role, and page by number.
func resourceManagerRoleOperations() []*operation {
	return []*operation{
		define(resourceManager, "CreateRole", write, allRoles[rmCreateRole], createRoleRM),
		define(resourceManager, "GetRole", read, roleARNOf[rmRoleNamed], getRoleRM),
		define(resourceManager, "UpdateRole", write, roleARNOf[updateRoleInput], updateRoleRM),
		define(resourceManager, "DeleteRole", write, roleARNOf[roleNamed], deleteRole),
		define(resourceManager, "ListRoles", read, allRoles[rmListRoles], listRolesRM),
	}
}

// roleViewRM adds to a role its name as a principal, and whether a service owns it.
func (c *call) roleViewRM(r *role, without string) map[string]any {
	view := c.roleView(r)
	view["RolePrincipalName"] = principalForms[2].join(c.account, r.Name)
	view["IsServiceLinkedRole"] = strings.HasPrefix(fold(r.Name), fold("AliyunServiceRoleFor"))
	delete(view, without)
	return view
}

type rmCreateRole struct {
	roleNamed
	AssumeRolePolicyDocument string `param:",required"`
	Description              string
	MaxSessionDuration       *int
}

func createRoleRM(c *call, in rmCreateRole) (answer, *apiError) {
	if _, refused := createRole(c, createRoleInput{
		roleNamed: in.roleNamed, AssumeRolePolicyDocument: in.AssumeRolePolicyDocument,
		Description: in.Description, MaxSessionDuration: in.MaxSessionDuration,
	}); refused != nil {
		return nil, refused
	}
	r, _ := in.find(c)
	return answer{"Role": c.roleViewRM(r, "UpdateDate")}, nil
}

type rmRoleNamed struct {
	roleNamed
	Language string // of the description; there is but one
}

func getRoleRM(c *call, in rmRoleNamed) (answer, *apiError) {
	r, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{"Role": c.roleViewRM(r, "")}, nil
}

func updateRoleRM(c *call, in updateRoleInput) (answer, *apiError) {
	if _, refused := updateRole(c, in); refused != nil {
		return nil, refused
	}
	return getRoleRM(c, rmRoleNamed{roleNamed: in.roleNamed})
}

type rmListRoles struct {
	Language string // of descriptions; there is but one
	numberedPage
}

func listRolesRM(c *call, in rmListRoles) (answer, *apiError) {
	return numbered(c, in.numberedPage, inOrder(c.account.Roles), "Roles", "Role", func(r *role) map[string]any {
		return c.roleViewRM(r, "AssumeRolePolicyDocument")
	})
}
