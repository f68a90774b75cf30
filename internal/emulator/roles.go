package emulator

import (
	"regexp"
	"strings"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func roleOperations() []*operation {
	return []*operation{
		define(ram, "CreateRole", write, allRoles[createRoleInput], createRole),
		define(ram, "GetRole", read, roleARNOf[roleNamed], getRole),
		define(ram, "UpdateRole", write, roleARNOf[updateRoleInput], updateRole),
		define(ram, "DeleteRole", write, roleARNOf[roleNamed], deleteRole),
		define(ram, "ListRoles", read, allRoles[listRolesInput], listRoles),
	}
}

func allRoles[In any](c *call, _ In) string { return roleARN(c.account.ID, "*") }

// roleNamed names a role.
type roleNamed struct {
	RoleName string `param:",required"`
}

func (in roleNamed) roleName() string { return in.RoleName }

func roleARNOf[In interface{ roleName() string }](c *call, in In) string {
	return roleARN(c.account.ID, in.roleName())
}

func (in roleNamed) find(c *call) (*role, *apiError) {
	if r := c.account.Roles[fold(in.RoleName)]; r != nil {
		return r, nil
	}
	return nil, errNoRole(in.RoleName)
}

func errNoRole(name string) *apiError { return notExist("Role", "The role does not exist: %s.", name) }

var (
	roleNameRule    = nameRule{1, 64, regexp.MustCompile(`^[A-Za-z0-9.-]*$`)}
	descriptionRule = nameRule{0, 1024, nil} // of roles and policies
)

// reservedRolePrefixes begin the names of roles that belong to cloud services:
// service-linked ones, and those CloudSSO keeps in each account.
var reservedRolePrefixes = []string{"AliyunServiceRoleFor", "AliyunReservedSSO-"}

func reservedRole(name string) bool {
	for _, prefix := range reservedRolePrefixes {
		if strings.HasPrefix(fold(name), fold(prefix)) {
			return true
		}
	}
	return false
}

// findOwn is find for what may be changed: a reserved role is its service's.
func (in roleNamed) findOwn(c *call) (*role, *apiError) {
	r, refused := in.find(c)
	if refused == nil && reservedRole(r.Name) {
		return nil, errReservedRole(r.Name)
	}
	return r, refused
}

const (
	shortestSession        = 900  // seconds a token lives at least
	standardSession        = 3600 // MaxSessionDuration unless set
	longestSession         = 43200
	shortestLongestSession = 3600 // smallest value of MaxSessionDuration
)

func checkMaxSessionDuration(parameter string, seconds *int) *apiError {
	if seconds != nil && (*seconds < shortestLongestSession || *seconds > longestSession) {
		return invalidParameter(parameter, "%s must be between %d and %d seconds.", parameter, shortestLongestSession, longestSession)
	}
	return nil
}

// CreateRole.

type createRoleInput struct {
	roleNamed
	AssumeRolePolicyDocument string `param:",required"`
	Description              string
	MaxSessionDuration       *int
	Tags                     []tagParam `param:"Tag,json"`
}

func createRole(c *call, in createRoleInput) (answer, *apiError) {
	tags, refused := newTags(nil, in.Tags, maxTagValueLengthOther)
	if refused := first(
		roleNameRule.check("RoleName", in.RoleName),
		descriptionRule.check("Description", in.Description),
		checkMaxSessionDuration("MaxSessionDuration", in.MaxSessionDuration),
		checkDocument("AssumeRolePolicyDocument", in.AssumeRolePolicyDocument, policylang.ValidateTrust),
		refused,
	); refused != nil {
		return nil, refused
	}
	switch {
	case reservedRole(in.RoleName):
		return nil, errReservedRole(in.RoleName)
	case c.account.Roles[fold(in.RoleName)] != nil:
		return nil, alreadyExists("Role", "The role already exists: %s.", in.RoleName)
	case len(c.account.Roles) >= maxRoles:
		return nil, limitExceeded("Role", maxRoles)
	}
	r := &role{
		ID: c.ids.role(), Name: in.RoleName, Description: in.Description, TrustPolicy: in.AssumeRolePolicyDocument,
		MaxSessionDuration: standardSession, Created: c.now, Updated: c.now, Tags: tags,
	}
	if in.MaxSessionDuration != nil {
		r.MaxSessionDuration = *in.MaxSessionDuration
	}
	c.account.Roles[fold(r.Name)] = r
	return answer{"Role": c.roleView(r, "UpdateDate")}, nil
}

func getRole(c *call, in roleNamed) (answer, *apiError) {
	r, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{"Role": c.roleView(r)}, nil
}

// UpdateRole.

type updateRoleInput struct {
	roleNamed
	NewAssumeRolePolicyDocument *string
	NewDescription              *string
	NewMaxSessionDuration       *int
}

func updateRole(c *call, in updateRoleInput) (answer, *apiError) {
	r, refused := in.findOwn(c)
	if refused != nil {
		return nil, refused
	}
	trust := valueOr(in.NewAssumeRolePolicyDocument, r.TrustPolicy)
	if refused := first(
		descriptionRule.checkOptional("NewDescription", in.NewDescription),
		checkMaxSessionDuration("NewMaxSessionDuration", in.NewMaxSessionDuration),
		checkDocument("NewAssumeRolePolicyDocument", trust, policylang.ValidateTrust),
	); refused != nil {
		return nil, refused
	}
	r.TrustPolicy, r.Description, r.Updated = trust, valueOr(in.NewDescription, r.Description), c.now
	if in.NewMaxSessionDuration != nil {
		r.MaxSessionDuration = *in.NewMaxSessionDuration
	}
	return answer{"Role": c.roleView(r)}, nil
}

func deleteRole(c *call, in roleNamed) (answer, *apiError) {
	r, refused := in.findOwn(c)
	if refused != nil {
		return nil, refused
	}
	if len(c.account.attachmentsOf(principalRole, r.ID)) > 0 {
		return nil, deleteConflict("Role.Policy", "The role %s still has policies attached.", r.Name)
	}
	c.account.unassign(r.ID)
	delete(c.account.Roles, fold(r.Name))
	return answer{}, nil
}

// ListRoles.

type listRolesInput struct {
	pageParams
	Tags []tagParam `param:"Tag,json"`
}

func listRoles(c *call, in listRolesInput) (answer, *apiError) {
	chosen := map[string]*role{}
	for key, r := range c.account.Roles {
		if hasTags(r.Tags, in.Tags) {
			chosen[key] = r
		}
	}
	return page(c, in.pageParams, pageSize{100, 1000}, chosen, "Roles", "Role", func(r *role) any {
		view := c.roleView(r, "AssumeRolePolicyDocument")
		view["Tags"] = viewTags(r.Tags)
		return view
	})
}

// roleView is a role as answers show it; each operation leaves something out.
func (c *call) roleView(r *role, without ...string) map[string]any {
	view := map[string]any{
		"RoleId": r.ID, "RoleName": r.Name, "Arn": roleARN(c.account.ID, r.Name), "Description": r.Description,
		"AssumeRolePolicyDocument": c.document(r.TrustPolicy), "MaxSessionDuration": r.MaxSessionDuration,
		"CreateDate": stamp(r.Created), "UpdateDate": stamp(r.Updated),
	}
	for _, name := range without {
		delete(view, name)
	}
	return view
}
