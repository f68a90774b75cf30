package emulator

import (
	"slices"
	"time"
)

func attachmentOperations() []*operation {
	return []*operation{
		defineBetween(ram, "AttachPolicyToUser", relate, grantARNs[userGrant], attach[userGrant]),
		defineBetween(ram, "AttachPolicyToGroup", relate, grantARNs[groupGrant], attach[groupGrant]),
		defineBetween(ram, "AttachPolicyToRole", relate, grantARNs[roleGrant], attach[roleGrant]),
		defineBetween(ram, "DetachPolicyFromUser", relate, grantARNs[userGrant], detach[userGrant]),
		defineBetween(ram, "DetachPolicyFromGroup", relate, grantARNs[groupGrant], detach[groupGrant]),
		defineBetween(ram, "DetachPolicyFromRole", relate, grantARNs[roleGrant], detach[roleGrant]),

		define(ram, "ListPoliciesForUser", read, func(c *call, in userNamed) string { return in.arn(c) }, listPoliciesForUser),
		define(ram, "ListPoliciesForGroup", read, groupARNOf[groupNamed], listPoliciesForGroup),
		define(ram, "ListPoliciesForRole", read, roleARNOf[roleNamed], listPoliciesForRole),
		define(ram, "ListEntitiesForPolicy", read, policyARNOf[policyRef], listEntitiesForPolicy),
	}
}

// grant is what attaching and detaching say besides the principal.
type grant struct {
	policyRef
	ResourceGroupID string `param:"ResourceGroupId"`
}

func (g grant) granted() grant { return g }

// grantee is a principal that policies can be attached to.
type grantee struct {
	kind     principalKind
	id, name string
	created  time.Time
}

func granteeUser(u *user) grantee   { return grantee{principalUser, u.ID, u.Name, u.Created} }
func granteeGroup(g *group) grantee { return grantee{principalGroup, g.ID, g.Name, g.Created} }
func granteeRole(r *role) grantee   { return grantee{principalRole, r.ID, r.Name, r.Created} }

// path is the principal's part of error codes.
func (g grantee) path() string {
	return map[principalKind]string{principalUser: "User", principalGroup: "Group", principalRole: "Role"}[g.kind]
}

// granting is the input of an operation that attaches or detaches a policy.
type granting interface {
	granted() grant
	grantee(*call) (grantee, *apiError)
	principalARN(*call) string
}

type userGrant struct {
	grant
	userNamed
}

func (in userGrant) principalARN(c *call) string { return in.arn(c) }

func (in userGrant) grantee(c *call) (grantee, *apiError) {
	u, refused := in.userNamed.find(c)
	if refused != nil {
		return grantee{}, refused
	}
	return granteeUser(u), nil
}

type groupGrant struct {
	grant
	groupNamed
}

func (in groupGrant) principalARN(c *call) string { return groupARN(c.account.ID, in.GroupName) }

func (in groupGrant) grantee(c *call) (grantee, *apiError) {
	g, refused := in.groupNamed.find(c)
	if refused != nil {
		return grantee{}, refused
	}
	return granteeGroup(g), nil
}

type roleGrant struct {
	grant
	roleNamed
}

func (in roleGrant) principalARN(c *call) string { return roleARN(c.account.ID, in.RoleName) }

func (in roleGrant) grantee(c *call) (grantee, *apiError) {
	r, refused := in.roleNamed.findOwn(c)
	if refused != nil {
		return grantee{}, refused
	}
	return granteeRole(r), nil
}

// grantARNs: permission is needed on the policy and on the principal.
func grantARNs[In granting](c *call, in In) []string {
	kind, name := in.granted().policyName()
	return []string{policyARN(c.account.ID, kind, name), in.principalARN(c)}
}

// resourceGroup is the scope of a grant as attachments keep it: empty for the whole
// account, which a request may also spell as the account id.
func (c *call) resourceGroup(id string) (string, *apiError) {
	switch {
	case id == "" || id == c.account.ID:
		return "", nil
	case slices.Contains(c.config.ResourceGroups, id):
		return id, nil
	default:
		return "", errNoResourceGroup(id)
	}
}

// resolve turns a request into the attachment it is about.
func resolve[In granting](c *call, in In) (attachment, grantee, *policy, *apiError) {
	about := in.granted()
	to, refused := in.grantee(c)
	p, noPolicy := about.find(c)
	scope, noGroup := c.resourceGroup(about.ResourceGroupID)
	if refused := first(refused, noPolicy, noGroup); refused != nil {
		return attachment{}, grantee{}, nil, refused
	}
	return attachment{
		PolicyType: about.PolicyType, PolicyName: p.Name, PrincipalKind: to.kind, PrincipalID: to.id, ResourceGroupID: scope,
	}, to, p, nil
}

func attach[In granting](c *call, in In) (answer, *apiError) {
	at, to, p, refused := resolve(c, in)
	switch {
	case refused != nil:
		return nil, refused
	case !c.settled(to.created):
		return nil, notExist(to.path(), "The %s does not exist: %s.", to.kind, to.name)
	case !c.settled(p.Created):
		return nil, errNoPolicy(p.Name)
	case c.account.attached(at) >= 0:
		return nil, alreadyExists(to.path()+".Policy", "The policy %s is attached to the %s %s already.", p.Name, to.kind, to.name)
	}
	limit, count := maxCustomPolicies, 0
	if at.PolicyType == policySystem {
		limit = maxSystemPolicies
	}
	for _, other := range c.account.attachmentsOf(to.kind, to.id) {
		if other.PolicyType == at.PolicyType {
			count++
		}
	}
	if count >= limit {
		return nil, limitExceeded(to.path()+".Policy", limit)
	}
	at.Attached = c.now
	c.account.Attachments = append(c.account.Attachments, at)
	return answer{}, nil
}

func detach[In granting](c *call, in In) (answer, *apiError) {
	at, to, p, refused := resolve(c, in)
	if refused != nil {
		return nil, refused
	}
	i := c.account.attached(at)
	if i < 0 {
		return nil, notExist(to.path()+".Policy", "The policy %s is not attached to the %s %s.", p.Name, to.kind, to.name)
	}
	c.account.Attachments = slices.Delete(c.account.Attachments, i, i+1)
	return answer{}, nil
}

// attached is the index of an attachment, whenever it was made, or -1.
func (a *account) attached(wanted attachment) int {
	return slices.IndexFunc(a.Attachments, func(at attachment) bool {
		wanted.Attached = at.Attached
		return at == wanted
	})
}

// attachmentsTo lists the grants of one policy, oldest first.
func (a *account) attachmentsTo(kind, name string) []attachment {
	var found []attachment
	for _, at := range a.Attachments {
		if at.PolicyType == kind && fold(at.PolicyName) == fold(name) {
			found = append(found, at)
		}
	}
	return found
}

// Lists by principal show what holds in the whole account; a grant for a resource
// group shows in ListPolicyAttachments alone.

func listPoliciesForUser(c *call, in userNamed) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return c.policiesOf(granteeUser(u)), nil
}

func listPoliciesForGroup(c *call, in groupNamed) (answer, *apiError) {
	g, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return c.policiesOf(granteeGroup(g)), nil
}

func listPoliciesForRole(c *call, in roleNamed) (answer, *apiError) {
	r, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return c.policiesOf(granteeRole(r)), nil
}

func (c *call) policiesOf(who grantee) answer {
	grants := slices.DeleteFunc(c.account.attachmentsOf(who.kind, who.id), func(at attachment) bool { return at.ResourceGroupID != "" })
	return listed("Policies", "Policy", grants, func(at attachment) any {
		p := c.account.policy(at.PolicyType, at.PolicyName)
		return map[string]any{
			"PolicyName": p.Name, "PolicyType": at.PolicyType, "Description": p.Description,
			"DefaultVersion": p.Default, "AttachDate": stamp(at.Attached),
		}
	})
}

// listEntitiesForPolicy lists principals, each once, whatever the scope of the grant
// (assumption "entities-scope").
func listEntitiesForPolicy(c *call, in policyRef) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	users, groups, roles := []any{}, []any{}, []any{}
	seen := map[string]bool{}
	for _, at := range c.account.attachmentsTo(in.PolicyType, p.Name) {
		if seen[at.PrincipalID] {
			continue
		}
		seen[at.PrincipalID] = true
		date := stamp(at.Attached)
		switch at.PrincipalKind {
		case principalUser:
			u := c.account.userByID(at.PrincipalID)
			users = append(users, map[string]any{
				"UserId": u.ID, "UserName": u.Name, "DisplayName": u.DisplayName, "AttachDate": date,
			})
		case principalGroup:
			g := c.account.groupByID(at.PrincipalID)
			groups = append(groups, map[string]any{"GroupName": g.Name, "Comments": g.Comments, "AttachDate": date})
		case principalRole:
			r := c.account.roleByID(at.PrincipalID)
			roles = append(roles, map[string]any{
				"RoleId": r.ID, "RoleName": r.Name, "Arn": roleARN(c.account.ID, r.Name),
				"Description": r.Description, "AttachDate": date,
			})
		}
	}
	return answer{
		"Users": map[string]any{"User": users}, "Groups": map[string]any{"Group": groups}, "Roles": map[string]any{"Role": roles},
	}, nil
}
