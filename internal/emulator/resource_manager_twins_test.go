package emulator

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPoliciesThroughResourceManager(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	named := params{"PolicyName": "p"}
	document := named.with("PolicyDocument", allowECS)
	custom := named.with("PolicyType", "Custom")
	s.root.refused(resourceManager, "CreatePolicy", named.with("PolicyDocument", "{}"), 400, "MalformedPolicyDocument")
	made := s.root.must(resourceManager, "CreatePolicy", document.with("Description", "of p"))
	if made.at("Policy.PolicyName") != "p" || made.at("Policy.DefaultVersion") != "v1" || made.at("Policy.Description") != "of p" {
		t.Errorf("created %v", made.Body["Policy"])
	}
	s.root.refused(ram, "CreatePolicy", document, 409, "EntityAlreadyExists.Policy")
	got := s.root.must(resourceManager, "GetPolicy", custom.with("Language", "en"))
	if got.at("Policy.PolicyDocument") != allowECS || got.at("Policy.AttachmentCount") != "0" || got.Body["DefaultPolicyVersion"] != nil {
		t.Errorf("got %v, want the document in the policy alone", got.Body)
	}
	s.root.refused(resourceManager, "GetPolicy", params{"PolicyName": "none", "PolicyType": "Custom"}, 404, "EntityNotExist.Policy")

	for range 3 {
		s.root.must(resourceManager, "CreatePolicyVersion", document)
	}
	if got := s.root.must(resourceManager, "CreatePolicyVersion", document.with("SetAsDefault", "true")); got.at("PolicyVersion.VersionId") != "v5" || got.at("PolicyVersion.PolicyDocument") != "" {
		t.Errorf("the fifth version is %v, want v5 without document", got.Body["PolicyVersion"])
	}
	s.root.refused(resourceManager, "CreatePolicyVersion", document, 409, "LimitExceeded.Policy.Version")
	if got := s.root.must(resourceManager, "GetPolicyVersion", custom.with("VersionId", "v5")).at("PolicyVersion.IsDefaultVersion"); got != "true" {
		t.Errorf("IsDefaultVersion of v5 is %s, want true", got)
	}
	s.root.refused(resourceManager, "DeletePolicy", named, 409, "DeleteConflict.Policy.Version")
	s.root.must(resourceManager, "SetDefaultPolicyVersion", named.with("VersionId", "v1"))
	for _, version := range []string{"v2", "v3", "v4", "v5"} {
		s.root.must(resourceManager, "DeletePolicyVersion", named.with("VersionId", version))
	}
	if got := s.root.must(resourceManager, "ListPolicyVersions", custom).each("PolicyVersions.PolicyVersion", "VersionId"); !slices.Equal(got, []string{"v1"}) {
		t.Errorf("versions are %v, want v1", got)
	}

	s.root.createPolicy("q", allowECS)
	page := s.root.must(resourceManager, "ListPolicies", params{"PolicyType": "Custom", "PageNumber": "2", "PageSize": "1"})
	if diff := cmp.Diff([]string{"q"}, page.each("Policies.Policy", "PolicyName")); diff != "" || page.at("TotalCount") != "2" || page.at("PageNumber") != "2" {
		t.Errorf("second page %v (-want +got):\n%s", page.Body, diff)
	}
	all := s.root.must(resourceManager, "ListPolicies", params{"PageSize": "100"}).each("Policies.Policy", "PolicyType")
	system := s.root.must(resourceManager, "ListPolicies", params{"PolicyType": "System", "PageSize": "100"}).each("Policies.Policy", "PolicyType")
	if len(all) != len(system)+2 || slices.Contains(system, "Custom") {
		t.Errorf("%d policies in all and %d of the system, want 2 more than those of the system", len(all), len(system))
	}
	s.root.refused(resourceManager, "ListPolicies", params{"PolicyType": "Other"}, 400, "InvalidParameter.PolicyType")
	s.root.refused(resourceManager, "ListPolicies", params{"PageSize": "101"}, 400, "InvalidParameter.PageSize")
	s.root.must(resourceManager, "DeletePolicy", named)
	s.root.refused(ram, "GetPolicy", custom, 404, "EntityNotExist.Policy")
}

func TestRolesThroughResourceManager(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	named := params{"RoleName": "Reader"}
	made := s.root.must(resourceManager, "CreateRole", named.with("AssumeRolePolicyDocument", trustAccount1).with("MaxSessionDuration", "7200"))
	if made.at("Role.RolePrincipalName") != "Reader@role.1000000000000001.onaliyunservice.com" || made.at("Role.MaxSessionDuration") != "7200" || made.at("Role.UpdateDate") != "" {
		t.Errorf("created %v", made.Body["Role"])
	}
	s.root.refused(resourceManager, "CreateRole", named.with("AssumeRolePolicyDocument", trustAccount1), 409, "EntityAlreadyExists.Role")
	updated := s.root.must(resourceManager, "UpdateRole", named.with("NewDescription", "reads"))
	if updated.at("Role.Description") != "reads" || updated.at("Role.AssumeRolePolicyDocument") != trustAccount1 {
		t.Errorf("updated to %v", updated.Body["Role"])
	}
	s.root.must(resourceManager, "CreateServiceLinkedRole", params{"ServiceName": "hdr.aliyuncs.com"})
	for name, want := range map[string]string{"reader": "false", "AliyunServiceRoleForHdr": "true"} {
		if got := s.root.must(resourceManager, "GetRole", params{"RoleName": name, "Language": "en"}).at("Role.IsServiceLinkedRole"); got != want {
			t.Errorf("IsServiceLinkedRole of %s is %s, want %s", name, got, want)
		}
	}
	page := s.root.must(resourceManager, "ListRoles", params{"PageNumber": "2", "PageSize": "1"})
	if got := page.each("Roles.Role", "RoleName"); !slices.Equal(got, []string{"Reader"}) || page.at("TotalCount") != "2" || page.at("Roles.Role.0.AssumeRolePolicyDocument") != "" {
		t.Errorf("second page: got %v", page.Body)
	}
	s.root.refused(resourceManager, "ListRoles", params{"PageNumber": "0"}, 400, "InvalidParameter.PageNumber")
	s.root.must(resourceManager, "DeleteRole", named)
	s.root.refused(resourceManager, "GetRole", named, 404, "EntityNotExist.Role")
}

func TestResourceManagerAsksForPermission(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPolicy("p", allowECS)
	reader := s.root.newUser("reader", nil, allowing("ram:GetPolicy", "acs:ram:*:*:policy/p"))
	reader.must(resourceManager, "GetPolicy", params{"PolicyName": "p", "PolicyType": "Custom"})
	reader.refused(resourceManager, "DeletePolicy", params{"PolicyName": "p"}, 403, "NoPermission")
	reader.refused(resourceManager, "ListRoles", nil, 403, "NoPermission")
}
