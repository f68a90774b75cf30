package emulator

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// principalsForTest creates the user u, the group g and the role r.
func (c client) createPrincipals() (userID, roleID string) {
	c.t.Helper()
	userID = c.must(ram, "CreateUser", params{"UserName": "u", "DisplayName": "You"}).at("User.UserId")
	c.must(ram, "CreateGroup", params{"GroupName": "g", "Comments": "all of us"})
	roleID = c.createRole("r", trustAccount1).at("Role.RoleId")
	return userID, roleID
}

// principalKinds are the three things a policy is attached to.
var principalKinds = []struct{ kind, attach, detach, list, parameter, name string }{
	{"User", "AttachPolicyToUser", "DetachPolicyFromUser", "ListPoliciesForUser", "UserName", "u"},
	{"Group", "AttachPolicyToGroup", "DetachPolicyFromGroup", "ListPoliciesForGroup", "GroupName", "g"},
	{"Role", "AttachPolicyToRole", "DetachPolicyFromRole", "ListPoliciesForRole", "RoleName", "r"},
}

func grantOf(parameter, principal, policyType, policyName string) params {
	return params{parameter: principal, "PolicyType": policyType, "PolicyName": policyName}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	for _, p := range principalKinds {
		t.Run(p.kind, func(t *testing.T) {
			t.Parallel()
			s := serve(t, Config{})
			s.root.createPrincipals()
			s.root.createPolicy("own", allowECS)
			own := grantOf(p.parameter, p.name, "Custom", "own")
			s.root.refused(ram, p.detach, own, 404, "EntityNotExist."+p.kind+".Policy")
			s.root.must(ram, p.attach, own).mustEqual(t, `{}`)
			s.root.refused(ram, p.attach, own, 409, "EntityAlreadyExists."+p.kind+".Policy")
			s.root.refused(ram, p.attach, grantOf(p.parameter, "nobody", "Custom", "own"), 404, "EntityNotExist."+p.kind)
			s.root.refused(ram, p.attach, grantOf(p.parameter, p.name, "Custom", "nothing"), 404, "EntityNotExist.Policy")
			s.root.refused(ram, p.attach, grantOf(p.parameter, p.name, "System", "own"), 404, "EntityNotExist.Policy")
			s.root.refused(ram, p.attach, grantOf(p.parameter, p.name, "Any", "own"), 400, "InvalidParameter.PolicyType")
			s.clock.Advance(time.Minute)
			s.root.must(ram, p.attach, grantOf(p.parameter, p.name, "System", "AliyunSTSAssumeRoleAccess"))

			s.root.must(ram, p.list, params{p.parameter: p.name}).mustEqual(t, `{"Policies":{"Policy":[
				{"PolicyName":"own","PolicyType":"Custom","Description":"","DefaultVersion":"v1","AttachDate":"2026-01-02T03:04:05Z"},
				{"PolicyName":"AliyunSTSAssumeRoleAccess","PolicyType":"System","DefaultVersion":"v1","AttachDate":"2026-01-02T03:05:05Z",
				 "Description":"Provides access to the AssumeRole operation of Security Token Service (STS)."}]}}`)
			s.root.refused(ram, p.list, params{p.parameter: "nobody"}, 404, "EntityNotExist."+p.kind)

			conflict := map[string]string{"User": "Policy.User", "Group": "Policy.Group", "Role": "Role.Policy"}[p.kind]
			s.root.refused(ram, "DeletePolicy", params{"PolicyName": "own"}, 409, "DeleteConflict."+conflict)
			s.root.must(ram, p.detach, own)
			s.root.refused(ram, p.detach, own, 404, "EntityNotExist."+p.kind+".Policy")
			s.root.must(ram, "DeletePolicy", params{"PolicyName": "own"})
		})
	}
}

func TestAttachmentLimits(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPrincipals()
	for i := range maxCustomPolicies + 1 {
		s.root.createPolicy(fmt.Sprint("p", i), allowECS)
	}
	system := sortedKeys(systemPolicies)[:maxSystemPolicies+1]
	for _, p := range principalKinds {
		for i, name := range system {
			if i == maxSystemPolicies {
				s.root.refused(ram, p.attach, grantOf(p.parameter, p.name, "System", name), 409, "LimitExceeded."+p.kind+".Policy")
				continue
			}
			s.root.must(ram, p.attach, grantOf(p.parameter, p.name, "System", name))
		}
		for i := range maxCustomPolicies {
			s.root.must(ram, p.attach, grantOf(p.parameter, p.name, "Custom", fmt.Sprint("p", i)))
		}
		s.root.refused(ram, p.attach, grantOf(p.parameter, p.name, "Custom", "p10"), 409, "LimitExceeded."+p.kind+".Policy")
	}
}

func TestEntitiesForPolicy(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ResourceGroups: []string{"rg-example"}})
	userID, roleID := s.root.createPrincipals()
	s.root.createPolicy("own", allowECS)
	for _, p := range principalKinds {
		s.root.must(ram, p.attach, grantOf(p.parameter, p.name, "Custom", "own"))
	}
	scoped := grantOf("UserName", "u", "Custom", "own")
	scoped["ResourceGroupId"] = "rg-example"
	s.root.must(ram, "AttachPolicyToUser", scoped)
	s.root.must(ram, "ListEntitiesForPolicy", params{"PolicyType": "Custom", "PolicyName": "own"}).mustEqual(t, `{
		"Users":{"User":[{"UserId":%q,"UserName":"u","DisplayName":"You","AttachDate":"2026-01-02T03:04:05Z"}]},
		"Groups":{"Group":[{"GroupName":"g","Comments":"all of us","AttachDate":"2026-01-02T03:04:05Z"}]},
		"Roles":{"Role":[{"RoleId":%q,"RoleName":"r","Arn":"acs:ram::1000000000000001:role/r","Description":"","AttachDate":"2026-01-02T03:04:05Z"}]}}`,
		userID, roleID)
	if got := s.root.must(ram, "GetPolicy", params{"PolicyType": "Custom", "PolicyName": "own"}).at("Policy.AttachmentCount"); got != "4" {
		t.Errorf("AttachmentCount is %s, want 4", got)
	}
	s.root.must(ram, "ListEntitiesForPolicy", params{"PolicyType": "System", "PolicyName": "AdministratorAccess"}).mustEqual(t,
		`{"Users":{"User":[]},"Groups":{"Group":[]},"Roles":{"Role":[]}}`)
}

func TestGrantForAResourceGroupIsAnotherOne(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ResourceGroups: []string{"rg-example"}})
	s.root.createPrincipals()
	grant := grantOf("RoleName", "r", "System", "AliyunECSFullAccess")
	in := func(group string) params {
		scoped := maps.Clone(grant)
		scoped["ResourceGroupId"] = group
		return scoped
	}
	s.root.refused(ram, "AttachPolicyToRole", in("rg-unknown"), 404, "EntityNotExists.ResourceGroup")
	s.root.must(ram, "AttachPolicyToRole", in("rg-example"))
	s.root.refused(ram, "DetachPolicyFromRole", grant, 404, "EntityNotExist.Role.Policy")
	if got := s.root.must(ram, "ListPoliciesForRole", params{"RoleName": "r"}).each("Policies.Policy", "PolicyName"); len(got) != 0 {
		t.Errorf("ListPoliciesForRole shows %v, want nothing of a resource group", got)
	}
	s.root.must(ram, "AttachPolicyToRole", in("1000000000000001"))
	s.root.refused(ram, "AttachPolicyToRole", grant, 409, "EntityAlreadyExists.Role.Policy")
	if got := s.root.must(ram, "ListPoliciesForRole", params{"RoleName": "r"}).each("Policies.Policy", "PolicyName"); len(got) != 1 {
		t.Errorf("ListPoliciesForRole shows %v, want one policy", got)
	}
}

func TestAttachDoesNotKnowYoungObjects(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	s.root.createPrincipals()
	s.root.createPolicy("own", allowECS)
	s.root.refused(ram, "AttachPolicyToUser", grantOf("UserName", "u", "System", "AliyunECSFullAccess"), 404, "EntityNotExist.User")
	s.clock.Advance(time.Second)
	s.root.createPolicy("young", allowECS)
	s.root.refused(ram, "AttachPolicyToUser", grantOf("UserName", "u", "Custom", "young"), 404, "EntityNotExist.Policy")
	s.root.must(ram, "AttachPolicyToUser", grantOf("UserName", "u", "Custom", "own"))
	if got := s.root.must(ram, "ListPoliciesForUser", params{"UserName": "u"}).each("Policies.Policy", "PolicyName"); len(got) != 0 {
		t.Errorf("a read within the lag shows %v, want nothing yet", got)
	}
	s.clock.Advance(time.Second)
	if diff := cmp.Diff([]string{"own"}, s.root.must(ram, "ListPoliciesForUser", params{"UserName": "u"}).each("Policies.Policy", "PolicyName")); diff != "" {
		t.Errorf("after the lag (-want +got):\n%s", diff)
	}
}
