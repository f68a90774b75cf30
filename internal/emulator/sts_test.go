package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// newUser creates a user with an AccessKey and system policies; documents become
// custom policies of the user.
func (c client) newUser(name string, systemPolicies []string, documents ...string) client {
	c.t.Helper()
	c.must(ram, "CreateUser", params{"UserName": name})
	for _, system := range systemPolicies {
		c.must(ram, "AttachPolicyToUser", grantOf("UserName", name, "System", system))
	}
	for i, document := range documents {
		own := fmt.Sprint(name, "-", i)
		c.createPolicy(own, document)
		c.must(ram, "AttachPolicyToUser", grantOf("UserName", name, "Custom", own))
	}
	created := c.must(ram, "CreateAccessKey", params{"UserName": name})
	return c.as(Key{created.at("AccessKey.AccessKeyId"), created.at("AccessKey.AccessKeySecret")})
}

var mayAssume = []string{"AliyunSTSAssumeRoleAccess"}

// assume takes a session of a role.
func (c client) assume(p params) client {
	c.t.Helper()
	got := c.must(sts, "AssumeRole", p)
	return c.withToken(got.at("Credentials.AccessKeyId"), got.at("Credentials.AccessKeySecret"), got.at("Credentials.SecurityToken"))
}

func roleOf(account int, name string) params {
	return params{"RoleArn": fmt.Sprintf("acs:ram::%016d:role/%s", 1000000000000000+account, name), "RoleSessionName": "alice@b"}
}

// with is the parameters and some more.
func (p params) with(name, value string) params {
	more := params{name: value}
	for name, value := range p {
		if _, given := more[name]; !given {
			more[name] = value
		}
	}
	return more
}

// trusting is a trust policy for one principal; condition is JSON or empty.
func trusting(kind, principal, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{%q:%q}%s}]}`, kind, principal, condition)
}

func TestCrossAccountRole(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	roleID := s.root.createRole("ARMSReader", trustAccount2).at("Role.RoleId")
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "ARMSReader", "System", "AliyunRAMReadOnlyAccess"))
	s.root.must(ram, "CreateUser", params{"UserName": "of-a"})
	alice := s.other.newUser("alice", mayAssume)

	answered := alice.must(sts, "AssumeRole", roleOf(1, "armsreader"))
	answered.mustEqual(t, `{"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/ARMSReader/alice@b","AssumedRoleId":"%s:alice@b"},
		"Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2026-01-02T04:04:05Z"}}`,
		roleID, answered.at("Credentials.AccessKeyId"), answered.at("Credentials.AccessKeySecret"), answered.at("Credentials.SecurityToken"))
	if id := answered.at("Credentials.AccessKeyId"); !strings.HasPrefix(id, "STS.") {
		t.Errorf("temporary key id is %s, want STS.…", id)
	}

	session := alice.assume(roleOf(1, "ARMSReader"))
	session.must(sts, "GetCallerIdentity", nil).mustEqual(t, `{"AccountId":"1000000000000001","IdentityType":"AssumedRoleUser",
		"Arn":"acs:ram::1000000000000001:assumed-role/ARMSReader/alice@b","PrincipalId":"%[1]s:alice@b","RoleId":%[1]q}`, roleID)
	session.must(ram, "GetUser", params{"UserName": "of-a"})
	session.refused(ram, "GetUser", params{"UserName": "alice"}, 404, "EntityNotExist.User")
	session.refused(ram, "CreateUser", params{"UserName": "x"}, 403, "NoPermission")

	s.clock.Advance(time.Hour)
	session.refused(sts, "GetCallerIdentity", nil, 400, "InvalidSecurityToken.Expired")
}

func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	user := s.root.newUser("bob", nil)
	id := s.root.must(ram, "GetUser", params{"UserName": "bob"}).at("User.UserId")
	s.root.must(sts, "GetCallerIdentity", nil).mustEqual(t, `{"AccountId":"1000000000000001","IdentityType":"Account",
		"Arn":"acs:ram::1000000000000001:root","PrincipalId":"1000000000000001","UserId":"1000000000000001"}`)
	user.must(sts, "GetCallerIdentity", nil).mustEqual(t, `{"AccountId":"1000000000000001","IdentityType":"RAMUser",
		"Arn":"acs:ram::1000000000000001:user/bob","PrincipalId":%[1]q,"UserId":%[1]q}`, id)
}

// TestAssumeRoleOldStyle signs as the official SDK of STS does: V1, and as
// credentials-go does: business parameters in the body.
func TestAssumeRoleOldStyle(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount1)
	user := s.root.newUser("u", mayAssume)
	call := func(key Key, token, action string, business params) reply {
		query := params{
			"Action": action, "Version": "2015-04-01", "Format": "JSON", "AccessKeyId": key.ID, "SignatureMethod": "HMAC-SHA1",
			"SignatureVersion": "1.0", "Timestamp": s.clock.Now().Format(wireTime), "SignatureNonce": fmt.Sprint("old-", nonceCounter.Add(1)),
		}
		if token != "" {
			query["SecurityToken"] = token
		}
		all := params{}
		for _, part := range []params{query, business} {
			maps.Copy(all, part)
		}
		query["Signature"] = signV1(key.Secret, "POST&%2F&"+url.QueryEscape(all.canonical()))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/?"+query.canonical(), strings.NewReader(business.canonical()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		got := send(t, r)
		if got.Status != http.StatusOK {
			t.Fatalf("%s: got %d %s %s", action, got.Status, got.Code, got.at("Message"))
		}
		return got
	}
	got := call(user.key, "", "AssumeRole", roleOf(1, "r"))
	session := Key{got.at("Credentials.AccessKeyId"), got.at("Credentials.AccessKeySecret")}
	identity := call(session, got.at("Credentials.SecurityToken"), "GetCallerIdentity", nil)
	if got, want := identity.at("Arn"), "acs:ram::1000000000000001:assumed-role/r/alice@b"; got != want {
		t.Errorf("identity of the session is %s, want %s", got, want)
	}
}

func TestAssumeRoleRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount1)
	user := s.root.newUser("u", mayAssume)
	valid := roleOf(1, "r")
	for _, test := range []struct {
		name   string
		params params
		status int
		code   string
	}{
		{"no role", roleOf(1, "nobody"), 404, "EntityNotExist.Role"},
		{"no account", roleOf(9, "r"), 404, "EntityNotExist.Role"},
		{"user as role", valid.with("RoleArn", "acs:ram::1000000000000001:user/u"), 400, "InvalidParameter.RoleArn"},
		{"short session name", valid.with("RoleSessionName", "a"), 400, "InvalidParameter.RoleSessionName"},
		{"session name with a space", valid.with("RoleSessionName", "a b"), 400, "InvalidParameter.RoleSessionName"},
		{"long session name", valid.with("RoleSessionName", strings.Repeat("a", 65)), 400, "InvalidParameter.RoleSessionName"},
		{"no session name", params{"RoleArn": valid["RoleArn"]}, 400, "MissingRoleSessionName"},
		{"short duration", valid.with("DurationSeconds", "899"), 400, "InvalidParameter.DurationSeconds"},
		{"longer than the role allows", valid.with("DurationSeconds", "3601"), 400, "InvalidParameter.DurationSeconds"},
		{"policy without grammar", valid.with("Policy", "{}"), 400, "InvalidParameter.PolicyGrammar"},
		{"empty policy", valid.with("Policy", ""), 400, "InvalidParameter.PolicySize"},
		{"long policy", valid.with("Policy", allowECS+strings.Repeat(" ", 2048)), 400, "InvalidParameter.PolicySize"},
		{"short external id", valid.with("ExternalId", "x"), 400, "InvalidParameter.ExternalId.Length"},
		{"external id with a space", valid.with("ExternalId", "a b"), 400, "InvalidParameter.ExternalId.InvalidChars"},
		{"short source identity", valid.with("SourceIdentity", "x"), 400, "InvalidParameter.SourceIdentity.Length"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			user.in(t).refused(sts, "AssumeRole", test.params, test.status, test.code)
		})
	}
	t.Run("root", func(t *testing.T) {
		t.Parallel()
		s.root.in(t).refused(sts, "AssumeRole", valid, 403, "NoPermission")
	})
}

// TestTrust looks at the side of the role; the callers all may assume roles.
func TestTrust(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	alice := s.root.newUser("alice", mayAssume)
	bob := s.root.newUser("bob", mayAssume)
	stranger := s.other.newUser("alice", mayAssume)
	s.root.createRole("hop", trustAccount1)
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "hop", "System", mayAssume[0]))
	hop := alice.assume(roleOf(1, "hop"))

	const account1 = "acs:ram::1000000000000001:"
	external := `{"StringEquals":{"sts:ExternalId":"blue-42"}}`
	for i, test := range []struct {
		name, trust string
		caller      client
		external    string
		denied      string // NoPermissionType, empty if allowed
	}{
		{"root of the account, a user", trustAccount1, alice, "", ""},
		{"root of the account, a session", trustAccount1, hop, "", ""},
		{"root of the account, a stranger", trustAccount1, stranger, "", "ImplicitDeny"},
		{"root of the other account", trustAccount2, stranger, "", ""},
		{"one user, this one", trusting("RAM", account1+"user/alice", ""), alice, "", ""},
		{"one user, another one", trusting("RAM", account1+"user/alice", ""), bob, "", "ImplicitDeny"},
		{"one user, the namesake of another account", trusting("RAM", account1+"user/alice", ""), stranger, "", "ImplicitDeny"},
		{"one user, their session of a role", trusting("RAM", account1+"user/alice", ""), hop, "", "ImplicitDeny"},
		{"one role, its session", trusting("RAM", account1+"role/hop", ""), hop, "", ""},
		{"one role, a user", trusting("RAM", account1+"role/hop", ""), alice, "", "ImplicitDeny"},
		{"a service, a user", trusting("Service", "ecs.aliyuncs.com", ""), alice, "", "ImplicitDeny"},
		{"external id, right", trusting("RAM", account1+"root", external), alice, "blue-42", ""},
		{"external id, wrong", trusting("RAM", account1+"root", external), alice, "blue-43", "ImplicitDeny"},
		{"external id, none", trusting("RAM", account1+"root", external), alice, "", "ImplicitDeny"},
		{"external id, not asked for", trustAccount1, alice, "blue-42", ""},
		{"address, within", trusting("RAM", account1+"root", `{"IpAddress":{"acs:SourceIp":"127.0.0.0/8"}}`), alice, "", ""},
		{"address, outside", trusting("RAM", account1+"root", `{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`), alice, "", "ImplicitDeny"},
	} {
		name := fmt.Sprint("role", i)
		s.root.createRole(name, test.trust)
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := roleOf(1, name)
			if test.external != "" {
				p["ExternalId"] = test.external
			}
			got := test.caller.in(t).do(sts, "AssumeRole", p)
			if kind := got.at("AccessDeniedDetail.NoPermissionType"); kind != test.denied {
				t.Errorf("got %d %s, denied %q, want %q", got.Status, got.Code, kind, test.denied)
			}
			if layer := got.at("AccessDeniedDetail.PolicyType"); test.denied != "" && layer != "AssumeRolePolicy" {
				t.Errorf("denied by %s, want AssumeRolePolicy", layer)
			}
		})
	}
}

// TestAssumeRoleAsksTheCallersPolicies looks at the other side; the role trusts all.
func TestAssumeRoleAsksTheCallersPolicies(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("r", trustAccount2)
	const roleR = "acs:ram::1000000000000001:role/r"
	for i, test := range []struct {
		name      string
		documents []string
		allowed   bool
	}{
		{"nothing", nil, false},
		{"this role", []string{allowing("sts:AssumeRole", roleR)}, true},
		{"this role with region", []string{allowing("sts:AssumeRole", "acs:ram:*:1000000000000001:role/r")}, true},
		{"another role", []string{allowing("sts:AssumeRole", "acs:ram::1000000000000001:role/s")}, false},
		{"the role of that name in the own account", []string{allowing("sts:AssumeRole", "acs:ram::1000000000000002:role/r")}, false},
		{"another action", []string{allowing("ram:*", "*")}, false},
		{"denied", []string{allowing("sts:*", "*"), stating("Deny", "sts:AssumeRole", roleR, "")}, false},
	} {
		user := s.other.newUser(fmt.Sprint("u", i), nil, test.documents...)
		if got := user.do(sts, "AssumeRole", roleOf(1, "r")); (got.Status == http.StatusOK) != test.allowed {
			t.Errorf("%s: got %d %s, want allowed %t", test.name, got.Status, got.Code, test.allowed)
		}
	}
}

func TestSessionDurationAndSourceIdentity(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateRole", params{"RoleName": "r", "AssumeRolePolicyDocument": trustAccount1, "MaxSessionDuration": "7200"})
	s.root.must(ram, "AttachPolicyToRole", grantOf("RoleName", "r", "System", mayAssume[0]))
	user := s.root.newUser("u", mayAssume)
	p := roleOf(1, "r").with("SourceIdentity", "alice").with("DurationSeconds", "7200")
	got := user.must(sts, "AssumeRole", p)
	if got.at("SourceIdentity") != "alice" || got.at("Credentials.Expiration") != "2026-01-02T05:04:05Z" {
		t.Errorf("got source identity %q until %s, want alice until 2026-01-02T05:04:05Z", got.at("SourceIdentity"), got.at("Credentials.Expiration"))
	}
	chained := user.assume(p).must(sts, "AssumeRole", roleOf(1, "r"))
	if chained.at("SourceIdentity") != "alice" {
		t.Errorf("the chained session has source identity %q, want alice", chained.at("SourceIdentity"))
	}
}
