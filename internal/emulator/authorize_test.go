package emulator

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPermissionsOfAUser(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "target"})
	s.root.must(ram, "CreateGroup", params{"GroupName": "staff"})
	s.root.createPolicy("of-staff", allowing("ram:GetUser", "acs:ram:*:1000000000000001:user/target"))
	s.root.must(ram, "AttachPolicyToGroup", grantOf("GroupName", "staff", "Custom", "of-staff"))
	const (
		implicit = "ImplicitDeny"
		explicit = "ExplicitDeny"
	)
	for i, test := range []struct {
		name      string
		documents []string
		member    bool   // of staff
		denied    string // of ram:GetUser of target; empty: allowed
	}{
		{"nothing", nil, false, implicit},
		{"the action", []string{allowing("ram:GetUser", "*")}, false, ""},
		{"the action in other case", []string{allowing("RAM:getuser", "*")}, false, ""},
		{"a wildcard", []string{allowing("ram:Get*", "*")}, false, ""},
		{"everything", []string{allowing("*", "*")}, false, ""},
		{"another action", []string{allowing("ram:ListUsers", "*")}, false, implicit},
		{"another service", []string{allowECS}, false, implicit},
		{"the user", []string{allowing("ram:GetUser", "acs:ram:*:1000000000000001:user/target")}, false, ""},
		{"the user in any account", []string{allowing("ram:GetUser", "acs:ram:*:*:user/target")}, false, ""},
		{"another user", []string{allowing("ram:GetUser", "acs:ram:*:*:user/other")}, false, implicit},
		{"the user of another account", []string{allowing("ram:GetUser", "acs:ram:*:1000000000000002:user/target")}, false, implicit},
		{"the group's policy", nil, true, ""},
		{"denied against the group's policy", []string{stating("Deny", "ram:GetUser", "*", "")}, true, explicit},
		{"denied against an own policy", []string{allowing("*", "*"), stating("Deny", "ram:Get*", "acs:ram:*:*:user/target", "")}, false, explicit},
		{"another denied", []string{allowing("*", "*"), stating("Deny", "ram:Delete*", "*", "")}, false, ""},
		{"address within", []string{stating("Allow", "*", "*", `{"IpAddress":{"acs:SourceIp":["127.0.0.1","::1"]}}`)}, false, ""},
		{"address outside", []string{stating("Allow", "*", "*", `{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}`)}, false, implicit},
		{"denied outside", []string{allowing("*", "*"), stating("Deny", "*", "*", `{"NotIpAddress":{"acs:SourceIp":"192.0.2.0/24"}}`)}, false, explicit},
		{"before its time", []string{stating("Allow", "*", "*", `{"DateGreaterThan":{"acs:CurrentTime":"2026-02-01T00:00:00Z"}}`)}, false, implicit},
		{"in its time", []string{stating("Allow", "*", "*", `{"DateLessThan":{"acs:CurrentTime":"2026-02-01T00:00:00Z"}}`)}, false, ""},
		{"encrypted", []string{stating("Allow", "*", "*", `{"Bool":{"acs:SecureTransport":"true"}}`)}, false, ""},
		{"with MFA", []string{stating("Allow", "*", "*", `{"Bool":{"acs:MFAPresent":"true"}}`)}, false, implicit},
		{"unknown key", []string{stating("Allow", "*", "*", `{"StringEquals":{"acs:Planet":"earth"}}`)}, false, implicit},
	} {
		name := fmt.Sprint("u", i)
		user := s.root.newUser(name, nil, test.documents...)
		if test.member {
			s.root.must(ram, "AddUserToGroup", params{"UserName": name, "GroupName": "staff"})
		}
		for _, call := range []struct {
			of api
			p  params
		}{
			{ram, params{"UserName": "target"}},
			{ims, params{"UserPrincipalName": "target@1000000000000001.onaliyun.com"}},
		} {
			got := user.do(call.of, "GetUser", call.p)
			if kind := got.at("AccessDeniedDetail.NoPermissionType"); kind != test.denied || (test.denied == "") != (got.Status == http.StatusOK) {
				t.Errorf("%s, %s: got %d %s, denied %q, want %q", test.name, call.of.product, got.Status, got.Code, kind, test.denied)
			}
		}
	}
}

func TestDenialExplainsItself(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	user := s.root.newUser("u", nil)
	id := s.root.must(ram, "GetUser", params{"UserName": "u"}).at("User.UserId")
	got := user.refused(ims, "CreateUser", params{"UserPrincipalName": "x@1000000000000001.onaliyun.com", "DisplayName": "x"}, 403, "NoPermission")
	detail, _ := got.Body["AccessDeniedDetail"].(map[string]any)
	if text, _ := detail["EncodedDiagnosticMessage"].(string); text == "" {
		t.Error("EncodedDiagnosticMessage is empty")
	}
	delete(detail, "EncodedDiagnosticMessage")
	want := map[string]any{
		"PolicyType": "AccountLevelIdentityBasedPolicy", "NoPermissionType": "ImplicitDeny", "AuthAction": "ram:CreateUser",
		"AuthPrincipalOwnerId": "1000000000000001", "AuthPrincipalType": "SubUser", "AuthPrincipalDisplayName": id,
	}
	if diff := cmp.Diff(want, detail); diff != "" {
		t.Errorf("AccessDeniedDetail (-want +got):\n%s", diff)
	}
	if got := s.root.must(ram, "ListUsers", nil).each("Users.User", "UserName"); len(got) != 1 {
		t.Errorf("a refused call left users %v", got)
	}
}

func TestSessionMayDoWhatRoleAndPolicyAllow(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount1)
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "r", "System", "AliyunRAMReadOnlyAccess"))
	user := s.root.newUser("u", append(mayAssume, "AdministratorAccess"))
	for _, test := range []struct {
		name, policy, action, denied string
	}{
		{"no policy", "", "ListUsers", ""},
		{"no policy, beyond the role", "", "CreateUser", "AccountLevelIdentityBasedPolicy"},
		{"policy allows", allowing("ram:List*", "*"), "ListUsers", ""},
		{"policy does not allow", allowing("ram:Get*", "*"), "ListUsers", "SessionPolicy"},
		{"policy denies", stating("Deny", "ram:*", "*", ""), "ListUsers", "SessionPolicy"},
		{"policy allows more than the role", allowing("*", "*"), "CreateUser", "AccountLevelIdentityBasedPolicy"},
	} {
		p := roleOf(1, "r")
		if test.policy != "" {
			p["Policy"] = test.policy
		}
		input := params{}
		if test.action == "CreateUser" {
			input["UserName"] = "new"
		}
		got := user.assume(p).do(ram, test.action, input)
		if layer := got.at("AccessDeniedDetail.PolicyType"); layer != test.denied || (test.denied == "") != (got.Status == http.StatusOK) {
			t.Errorf("%s: got %d %s, denied by %q, want %q", test.name, got.Status, got.Code, layer, test.denied)
		}
		if test.denied != "" && got.at("AccessDeniedDetail.AuthPrincipalDisplayName") != "r:alice@b" {
			t.Errorf("%s: principal is %s, want r:alice@b", test.name, got.at("AccessDeniedDetail.AuthPrincipalDisplayName"))
		}
	}
}

func TestPermissionsChangeAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{ResourceGroups: []string{"rg-example"}})
	s.root.createRole("r", trustAccount1)
	user := s.root.newUser("u", mayAssume)
	session := user.assume(roleOf(1, "r"))
	allowed := func(when string, want bool) {
		t.Helper()
		if got := session.do(ram, "ListRoles", nil); (got.Status == http.StatusOK) != want {
			t.Errorf("%s: got %d %s, want allowed %t", when, got.Status, got.Code, want)
		}
	}
	grant := grantOf("RoleName", "r", "Custom", "p")
	s.root.createPolicy("p", allowing("ram:ListRoles", "*"))
	s.root.must(ram, "AttachPolicyToRole", grant.with("ResourceGroupId", "rg-example"))
	allowed("granted for a resource group", false)
	s.root.must(ram, "AttachPolicyToRole", grant)
	allowed("granted", true)
	s.root.must(ram, "CreatePolicyVersion", params{"PolicyName": "p", "PolicyDocument": allowECS})
	allowed("another version", true)
	s.root.must(ram, "SetDefaultPolicyVersion", params{"PolicyName": "p", "VersionId": "v2"})
	allowed("another default version", false)
	s.root.must(ram, "SetDefaultPolicyVersion", params{"PolicyName": "p", "VersionId": "v1"})
	allowed("the first version again", true)
	s.root.must(ram, "DetachPolicyFromRole", grant)
	s.root.must(ram, "DetachPolicyFromRole", grant.with("ResourceGroupId", "rg-example"))
	s.root.must(ram, "DeleteRole", params{"RoleName": "r"})
	s.root.createRole("r", trustAccount1)
	s.root.must(ram, "AttachPolicyToRole", grant)
	allowed("another role of that name", false)
}

func TestAttachingNeedsBothResources(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "target"})
	const (
		onUser   = "acs:ram:*:1000000000000001:user/target"
		onPolicy = "acs:ram:*:system:policy/AliyunECS*"
	)
	for i, test := range []struct {
		name      string
		documents []string
		allowed   bool
	}{
		{"user alone", []string{allowing("ram:AttachPolicyToUser", onUser)}, false},
		{"policy alone", []string{allowing("ram:AttachPolicyToUser", onPolicy)}, false},
		{"both", []string{allowing("ram:AttachPolicyToUser", onUser), allowing("ram:AttachPolicyToUser", onPolicy)}, true},
	} {
		user := s.root.newUser(fmt.Sprint("u", i), nil, test.documents...)
		got := user.do(ram, "AttachPolicyToUser", grantOf("UserName", "target", "System", "AliyunECSFullAccess"))
		if (got.Status == http.StatusOK) != test.allowed {
			t.Errorf("%s: got %d %s, want allowed %t", test.name, got.Status, got.Code, test.allowed)
		}
	}
}

func TestInsecureTransport(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{InsecureTransport: true})
	user := s.root.newUser("u", []string{"AdministratorAccess"}, stating("Deny", "*", "*", `{"Bool":{"acs:SecureTransport":"false"}}`))
	got := user.refused(ram, "ListUsers", nil, 403, "NoPermission")
	if kind := got.at("AccessDeniedDetail.NoPermissionType"); kind != "ExplicitDeny" {
		t.Errorf("denied %s, want ExplicitDeny", kind)
	}
	user.must(sts, "GetCallerIdentity", nil)
}
