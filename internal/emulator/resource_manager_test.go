package emulator

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func attachmentOf(principalType, principal, policyType, policyName, scope string) params {
	return params{
		"PrincipalType": principalType, "PrincipalName": principal, "PolicyType": policyType, "PolicyName": policyName, "ResourceGroupId": scope,
	}
}

func TestAttachmentsOfTheWholeAccount(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ResourceGroups: []string{"rg-example"}})
	s.root.must(ram, "SetAccountAlias", params{"AccountAlias": "example"})
	s.root.createPrincipals()
	s.root.createPolicy("own", allowECS)
	const account = "1000000000000001"
	s.root.must(resourceManager, "AttachPolicy", attachmentOf("IMSUser", "u@example.onaliyun.com", "Custom", "own", "rg-example")).mustEqual(t, `{}`)
	s.root.must(resourceManager, "AttachPolicy", attachmentOf("IMSGroup", "g@group.example.onaliyun.com", "Custom", "own", account))
	s.root.must(resourceManager, "AttachPolicy", attachmentOf("ServiceRole", "r@role."+account+".onaliyunservice.com", "Custom", "own", account))
	s.root.must(ram, "AttachPolicyToUser", grantOf("UserName", "u", "System", "AliyunARMSReadOnlyAccess"))

	s.root.must(resourceManager, "ListPolicyAttachments", nil).mustEqual(t, `{"TotalCount":4,"PageNumber":1,"PageSize":10,"PolicyAttachments":{"PolicyAttachment":[
		{"PolicyType":"Custom","PolicyName":"own","PrincipalType":"IMSUser","PrincipalName":"u@example.onaliyun.com",
		 "ResourceGroupId":"rg-example","AttachDate":"2026-01-02T03:04:05Z","Description":""},
		{"PolicyType":"Custom","PolicyName":"own","PrincipalType":"IMSGroup","PrincipalName":"g@group.example.onaliyun.com",
		 "ResourceGroupId":"1000000000000001","AttachDate":"2026-01-02T03:04:05Z","Description":""},
		{"PolicyType":"Custom","PolicyName":"own","PrincipalType":"ServiceRole","PrincipalName":"r@role.example.onaliyunservice.com",
		 "ResourceGroupId":"1000000000000001","AttachDate":"2026-01-02T03:04:05Z","Description":""},
		{"PolicyType":"System","PolicyName":"AliyunARMSReadOnlyAccess","PrincipalType":"IMSUser","PrincipalName":"u@example.onaliyun.com",
		 "ResourceGroupId":"1000000000000001","AttachDate":"2026-01-02T03:04:05Z",
		 "Description":"Provides read-only access to Application Real-Time Monitoring Service (ARMS)."}]}}`)

	for _, test := range []struct {
		name  string
		asked params
		want  int
	}{
		{"policy type", params{"PolicyType": "System"}, 1},
		{"policy", params{"PolicyType": "Custom", "PolicyName": "own"}, 3},
		{"principal type", params{"PrincipalType": "IMSUser"}, 2},
		{"principal", params{"PrincipalType": "IMSUser", "PrincipalName": "u@example.onaliyun.com"}, 2},
		{"principal by account id", params{"PrincipalName": "u@" + account + ".onaliyun.com"}, 2},
		{"principal of another account", params{"PrincipalName": "u@1000000000000002.onaliyun.com"}, 0},
		{"user's name for a group", params{"PrincipalType": "IMSGroup", "PrincipalName": "g@example.onaliyun.com"}, 0},
		{"resource group", params{"ResourceGroupId": "rg-example"}, 1},
		{"whole account", params{"ResourceGroupId": account}, 3},
	} {
		got := s.root.must(resourceManager, "ListPolicyAttachments", test.asked)
		if got.at("TotalCount") != fmt.Sprint(test.want) {
			t.Errorf("%s: got %s attachments, want %d", test.name, got.at("TotalCount"), test.want)
		}
	}

	s.root.must(resourceManager, "DetachPolicy", attachmentOf("IMSUser", "u@example.onaliyun.com", "Custom", "own", "rg-example"))
	s.root.refused(resourceManager, "DetachPolicy", attachmentOf("IMSUser", "u@example.onaliyun.com", "Custom", "own", "rg-example"), 404, "EntityNotExist.User.Policy")
	s.root.must(ram, "DetachPolicyFromGroup", grantOf("GroupName", "g", "Custom", "own"))
}

func TestAttachmentRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPrincipals()
	const account = "1000000000000001"
	valid := attachmentOf("IMSUser", "u@"+account+".onaliyun.com", "System", "AliyunECSFullAccess", account)
	s.root.must(resourceManager, "AttachPolicy", valid)
	for _, test := range []struct {
		name, action string
		params       params
		status       int
		code         string
	}{
		{"again", "AttachPolicy", valid, 409, "EntityAlreadyExists.User.Policy"},
		{"no scope", "AttachPolicy", valid.with("ResourceGroupId", ""), 400, "MissingResourceGroupId"},
		{"unknown scope", "AttachPolicy", valid.with("ResourceGroupId", "rg-x"), 404, "EntityNotExists.ResourceGroup"},
		{"another account as scope", "AttachPolicy", valid.with("ResourceGroupId", "1000000000000002"), 404, "EntityNotExists.ResourceGroup"},
		{"bare name", "AttachPolicy", valid.with("PrincipalName", "u"), 404, "EntityNotExist.User"},
		{"group in a user's form", "AttachPolicy", valid.with("PrincipalType", "IMSGroup").with("PrincipalName", "g@"+account+".onaliyun.com"), 404, "EntityNotExist.Group"},
		{"role in a group's form", "AttachPolicy", valid.with("PrincipalType", "ServiceRole").with("PrincipalName", "r@role."+account+".onaliyun.com"), 404, "EntityNotExist.Role"},
		{"unknown type", "AttachPolicy", valid.with("PrincipalType", "User"), 400, "InvalidParameter.PrincipalType"},
		{"unknown policy", "AttachPolicy", valid.with("PolicyName", "x"), 404, "EntityNotExist.Policy"},
		{"list of an unknown type", "ListPolicyAttachments", params{"PrincipalType": "User"}, 400, "InvalidParameter.PrincipalType"},
		{"list of an unknown policy type", "ListPolicyAttachments", params{"PolicyType": "x"}, 400, "InvalidParameter.PolicyType"},
		{"list of an unknown scope", "ListPolicyAttachments", params{"ResourceGroupId": "rg-x"}, 404, "EntityNotExists.ResourceGroup"},
		{"page 0", "ListPolicyAttachments", params{"PageNumber": "0"}, 400, "InvalidParameter.PageNumber"},
		{"page of 101", "ListPolicyAttachments", params{"PageSize": "101"}, 400, "InvalidParameter.PageSize"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.root.in(t).refused(resourceManager, test.action, test.params, test.status, test.code)
		})
	}
}

func TestPagesOfAttachments(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createPrincipals()
	want := sortedKeys(systemPolicies)[:5]
	for _, name := range want {
		s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "r", "System", name))
	}
	var got []string
	for number := 1; number <= 4; number++ {
		page := s.root.must(resourceManager, "ListPolicyAttachments", params{"PageNumber": fmt.Sprint(number), "PageSize": "2"})
		if page.at("TotalCount") != "5" {
			t.Errorf("page %d: TotalCount is %s, want 5", number, page.at("TotalCount"))
		}
		for _, name := range page.each("PolicyAttachments.PolicyAttachment", "PolicyName") {
			got = append(got, fold(name))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}
