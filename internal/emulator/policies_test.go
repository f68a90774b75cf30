package emulator

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func (c client) createPolicy(name, document string) {
	c.t.Helper()
	c.must(ram, "CreatePolicy", params{"PolicyName": name, "PolicyDocument": document})
}

// allowing is a document that allows an action on a resource.
func allowing(action, resource string) string { return stating("Allow", action, resource, "") }

// stating is a document of one statement; condition is JSON or empty.
func stating(effect, action, resource, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":%q,"Action":%q,"Resource":%q%s}]}`, effect, action, resource, condition)
}

func TestPolicyAnswersHaveTheirOwnShapes(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreatePolicy", params{
		"PolicyName": "ecs-all", "PolicyDocument": allowECS, "Description": "ECS", "Tag": `[{"Key":"team","Value":"infra"}]`,
	}).mustEqual(t, `{"Policy":{"PolicyName":"ecs-all","PolicyType":"Custom","Description":"ECS","DefaultVersion":"v1",
		"CreateDate":"2026-01-02T03:04:05Z"}}`)

	s.clock.Advance(time.Minute)
	s.root.must(ram, "UpdatePolicyDescription", params{"PolicyName": "ecs-all", "NewDescription": "all of ECS"}).mustEqual(t, `{"Policy":{
		"PolicyName":"ecs-all","PolicyType":"Custom","Description":"all of ECS","DefaultVersion":"v1",
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:05:05Z"}}`)

	s.root.must(ram, "GetPolicy", params{"PolicyName": "ECS-All", "PolicyType": "Custom"}).mustEqual(t, `{"Policy":{
		"PolicyName":"ecs-all","PolicyType":"Custom","Description":"all of ECS","DefaultVersion":"v1","AttachmentCount":0,
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:05:05Z","PolicyDocument":%[1]s},
		"DefaultPolicyVersion":{"VersionId":"v1","IsDefaultVersion":true,"PolicyDocument":%[1]s,"CreateDate":"2026-01-02T03:04:05Z"}}`, quoted(allowECS))

	s.root.must(ram, "ListPolicies", params{"PolicyType": "Custom"}).mustEqual(t, `{"IsTruncated":false,"Policies":{"Policy":[{
		"PolicyName":"ecs-all","PolicyType":"Custom","Description":"all of ECS","DefaultVersion":"v1","AttachmentCount":0,
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:05:05Z","Tags":{"Tag":[{"TagKey":"team","TagValue":"infra"}]}}]}}`)

	s.root.must(ram, "DeletePolicy", params{"PolicyName": "ecs-all"}).mustEqual(t, `{}`)
	s.root.refused(ram, "GetPolicy", params{"PolicyName": "ecs-all", "PolicyType": "Custom"}, 404, "EntityNotExist.Policy")
}

func TestPolicyVersions(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPolicy("p", allowECS)
	s.root.must(ram, "CreatePolicyVersion", params{"PolicyName": "p", "PolicyDocument": allowing("oss:*", "*")}).mustEqual(t,
		`{"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":false,"PolicyDocument":%s,"CreateDate":"2026-01-02T03:04:05Z"}}`,
		quoted(allowing("oss:*", "*")))
	for range 3 {
		s.root.must(ram, "CreatePolicyVersion", params{"PolicyName": "p", "PolicyDocument": allowECS, "SetAsDefault": "false"})
	}
	sixth := params{"PolicyName": "p", "PolicyDocument": allowECS, "SetAsDefault": "true"}
	s.root.refused(ram, "CreatePolicyVersion", sixth, 409, "LimitExceeded.Policy.Version")
	sixth["RotateStrategy"] = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
	s.root.must(ram, "CreatePolicyVersion", sixth)

	ref := func(id string) params { return params{"PolicyName": "p", "PolicyType": "Custom", "VersionId": id} }
	named := func(id string) params { return params{"PolicyName": "p", "VersionId": id} }
	list := func() []string {
		return s.root.must(ram, "ListPolicyVersions", params{"PolicyName": "p", "PolicyType": "Custom"}).each("PolicyVersions.PolicyVersion", "VersionId")
	}
	if diff := cmp.Diff([]string{"v1", "v3", "v4", "v5", "v6"}, list()); diff != "" {
		t.Errorf("the oldest version that is not the default goes (-want +got):\n%s", diff)
	}
	if got := s.root.must(ram, "GetPolicyVersion", ref("v6")).at("PolicyVersion.IsDefaultVersion"); got != "true" {
		t.Errorf("v6 was set as default; IsDefaultVersion is %s", got)
	}
	s.root.refused(ram, "DeletePolicyVersion", named("v6"), 409, "DeleteConflict.Policy.Version.Default")
	s.root.must(ram, "SetDefaultPolicyVersion", named("v1"))
	s.root.must(ram, "DeletePolicyVersion", named("v6"))
	if got := s.root.must(ram, "CreatePolicyVersion", params{"PolicyName": "p", "PolicyDocument": allowECS}).at("PolicyVersion.VersionId"); got != "v7" {
		t.Errorf("the version after a deleted v6 is %s, want v7", got)
	}
	s.root.refused(ram, "GetPolicyVersion", ref("v6"), 404, "EntityNotExist.Policy.Version")
	s.root.refused(ram, "GetPolicyVersion", ref("6"), 400, "InvalidParameter.VersionId.Format")
	s.root.refused(ram, "SetDefaultPolicyVersion", named("v6"), 404, "EntityNotExist.Policy.Version")

	s.root.refused(ram, "DeletePolicy", params{"PolicyName": "p"}, 409, "DeleteConflict.Policy.Version")
	s.root.must(ram, "DeletePolicy", params{"PolicyName": "p", "CascadingDelete": "true"})
}

func TestPolicyRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPolicy("taken", allowECS)
	policy := func(change params) params {
		p := params{"PolicyName": "new", "PolicyDocument": allowECS}
		maps.Copy(p, change)
		return p
	}
	long := strings.Replace(allowECS, "{", "{"+strings.Repeat(" ", 6144), 1)
	for _, test := range []struct {
		name, action string
		params       params
		status       int
		code         string
	}{
		{"name taken, in other case", "CreatePolicy", policy(params{"PolicyName": "TAKEN"}), 409, "EntityAlreadyExists.Policy"},
		{"underscore", "CreatePolicy", policy(params{"PolicyName": "a_b"}), 400, "InvalidParameter.PolicyName.InvalidChars"},
		{"long name", "CreatePolicy", policy(params{"PolicyName": strings.Repeat("a", 129)}), 400, "InvalidParameter.PolicyName.Length"},
		{"long description", "CreatePolicy", policy(params{"Description": strings.Repeat("a", 1025)}), 400, "InvalidParameter.Description.Length"},
		{"long document", "CreatePolicy", policy(params{"PolicyDocument": long}), 400, "InvalidParameter.PolicyDocument.Length"},
		{"trust policy", "CreatePolicy", policy(params{"PolicyDocument": trustAccount1}), 400, "MalformedPolicyDocument"},
		{"no document", "CreatePolicy", params{"PolicyName": "new"}, 400, "MissingPolicyDocument"},
		{"version of no policy", "CreatePolicyVersion", policy(nil), 404, "EntityNotExist.Policy"},
		{"version of a system policy", "CreatePolicyVersion", policy(params{"PolicyName": "AdministratorAccess"}), 404, "EntityNotExist.Policy"},
		{"malformed version", "CreatePolicyVersion", policy(params{"PolicyName": "taken", "PolicyDocument": "x"}), 400, "MalformedPolicyDocument"},
		{"unknown rotation", "CreatePolicyVersion", policy(params{"PolicyName": "taken", "RotateStrategy": "x"}), 400, "InvalidParameter.RotateStrategy"},
		{"unknown type", "GetPolicy", params{"PolicyName": "taken", "PolicyType": "custom"}, 400, "InvalidParameter.PolicyType"},
		{"wrong type", "GetPolicy", params{"PolicyName": "taken", "PolicyType": "System"}, 404, "EntityNotExist.Policy"},
		{"list of an unknown type", "ListPolicies", params{"PolicyType": "x"}, 400, "InvalidParameter.PolicyType"},
		{"description of a system policy", "UpdatePolicyDescription", params{"PolicyName": "AdministratorAccess", "NewDescription": "x"}, 404, "EntityNotExist.Policy"},
		{"delete of a system policy", "DeletePolicy", params{"PolicyName": "AdministratorAccess"}, 404, "EntityNotExist.Policy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.root.in(t).refused(ram, test.action, test.params, test.status, test.code)
		})
	}
}

func TestSystemPoliciesAreValidAndListed(t *testing.T) {
	t.Parallel()
	for _, p := range systemPolicies {
		if err := policylang.ValidateIdentity(p.document()); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	s := serve(t, Config{})
	s.root.createPolicy("own", allowECS)
	got := s.root.must(ram, "ListPolicies", params{"MaxItems": "1000"}).each("Policies.Policy", "PolicyName")
	if len(got) != len(systemPolicies)+1 || got[0] != "own" || got[1] != "AdministratorAccess" {
		t.Errorf("got %d policies beginning with %v, want own, AdministratorAccess, … of %d", len(got), got[:2], len(systemPolicies)+1)
	}
	version := s.root.must(ram, "GetPolicy", params{"PolicyName": "AliyunSTSAssumeRoleAccess", "PolicyType": "System"})
	if want := allowing("sts:AssumeRole", "*"); !policylang.Equal(version.at("DefaultPolicyVersion.PolicyDocument"), want) {
		t.Errorf("AliyunSTSAssumeRoleAccess is %s, want the meaning of %s", version.at("DefaultPolicyVersion.PolicyDocument"), want)
	}
}

func TestPagesOfPoliciesMissNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{PageSize: 2})
	for i := range 5 {
		s.root.createPolicy(fmt.Sprint("p", i), allowECS)
	}
	var got []string
	for next := ""; ; {
		page := s.root.must(ram, "ListPolicies", params{"PolicyType": "Custom", "Marker": next})
		got = append(got, page.each("Policies.Policy", "PolicyName")...)
		if next = page.at("Marker"); next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"p0", "p1", "p2", "p3", "p4"}, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestRespacedDocumentsMeanTheSame(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{RespaceDocuments: true})
	document := stating("Allow", "oss:*", "acs:oss:*:*:a<b>&c", `{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"},"NumericLessThan":{"oss:MaxKeys":100}}`)
	s.root.createPolicy("p", document)
	s.root.createRole("r", trustAccount1)
	for _, test := range []struct{ name, sent, got string }{
		{"policy", document, s.root.must(ram, "GetPolicy", params{"PolicyName": "p", "PolicyType": "Custom"}).at("DefaultPolicyVersion.PolicyDocument")},
		{"role", trustAccount1, s.root.must(ram, "GetRole", params{"RoleName": "r"}).at("Role.AssumeRolePolicyDocument")},
	} {
		if test.got == test.sent || !strings.Contains(test.got, `"Action": [`) || !policylang.Equal(test.got, test.sent) {
			t.Errorf("%s: got %s, want another spelling of %s", test.name, test.got, test.sent)
		}
	}
}
