package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	trustAccount1 = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
	trustAccount2 = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000002:root"}}]}`
	allowECS      = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}`
)

// in is the same client reporting to a subtest.
func (c client) in(t *testing.T) client {
	t.Helper()
	here := *c.service
	here.t = t
	c.service = &here
	return c
}

// quoted is text as a JSON string.
func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// mustEqual compares an answer, but for its RequestId, with JSON.
func (r reply) mustEqual(t *testing.T, format string, args ...any) {
	t.Helper()
	var want map[string]any
	if err := json.Unmarshal(fmt.Appendf(nil, format, args...), &want); err != nil {
		t.Fatalf("the expectation is no JSON: %v", err)
	}
	if r.at("RequestId") == "" {
		t.Error("the answer has no RequestId")
	}
	got := map[string]any{}
	for name, value := range r.Body {
		if name != "RequestId" {
			got[name] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer differs (-want +got):\n%s", diff)
	}
}

func (c client) createRole(name, trust string) reply {
	c.t.Helper()
	return c.must(ram, "CreateRole", params{"RoleName": name, "AssumeRolePolicyDocument": trust})
}

func TestRoleAnswersHaveTheirOwnShapes(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	created := s.root.must(ram, "CreateRole", params{
		"RoleName": "ECSAdmin", "AssumeRolePolicyDocument": trustAccount1, "Description": "operates ECS",
		"Tag": `[{"Key":"team","Value":"infra"}]`,
	})
	id := created.at("Role.RoleId")
	created.mustEqual(t, `{"Role":{"RoleId":%q,"RoleName":"ECSAdmin","Arn":"acs:ram::1000000000000001:role/ECSAdmin",
		"Description":"operates ECS","AssumeRolePolicyDocument":%s,"MaxSessionDuration":3600,
		"CreateDate":"2026-01-02T03:04:05Z"}}`, id, quoted(trustAccount1))

	s.root.must(ram, "GetRole", params{"RoleName": "ecsadmin"}).mustEqual(t, `{"Role":{"RoleId":%q,"RoleName":"ECSAdmin",
		"Arn":"acs:ram::1000000000000001:role/ECSAdmin","Description":"operates ECS","AssumeRolePolicyDocument":%s,
		"MaxSessionDuration":3600,"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:04:05Z"}}`, id, quoted(trustAccount1))

	s.clock.Advance(time.Minute)
	s.root.must(ram, "UpdateRole", params{
		"RoleName": "ECSAdmin", "NewAssumeRolePolicyDocument": trustAccount2, "NewDescription": "", "NewMaxSessionDuration": "7200",
	}).mustEqual(t, `{"Role":{"RoleId":%q,"RoleName":"ECSAdmin","Arn":"acs:ram::1000000000000001:role/ECSAdmin","Description":"",
		"AssumeRolePolicyDocument":%s,"MaxSessionDuration":7200,
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:05:05Z"}}`, id, quoted(trustAccount2))

	s.root.must(ram, "ListRoles", nil).mustEqual(t, `{"IsTruncated":false,"Roles":{"Role":[{"RoleId":%q,"RoleName":"ECSAdmin",
		"Arn":"acs:ram::1000000000000001:role/ECSAdmin","Description":"","MaxSessionDuration":7200,
		"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-02T03:05:05Z",
		"Tags":{"Tag":[{"TagKey":"team","TagValue":"infra"}]}}]}}`, id)

	s.root.must(ram, "DeleteRole", params{"RoleName": "ECSAdmin"}).mustEqual(t, `{}`)
	s.root.refused(ram, "GetRole", params{"RoleName": "ECSAdmin"}, 404, "EntityNotExist.Role")
}

func TestRoleRefusals(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.createRole("taken", trustAccount1)
	s.root.must(ram, "AttachPolicyToRole", params{"RoleName": "taken", "PolicyName": "AliyunECSFullAccess", "PolicyType": "System"})
	role := func(change params) params {
		p := params{"RoleName": "new", "AssumeRolePolicyDocument": trustAccount1}
		maps.Copy(p, change)
		return p
	}
	for _, test := range []struct {
		name, action string
		params       params
		status       int
		code         string
	}{
		{"name taken, in other case", "CreateRole", role(params{"RoleName": "Taken"}), 409, "EntityAlreadyExists.Role"},
		{"underscore", "CreateRole", role(params{"RoleName": "a_b"}), 400, "InvalidParameter.RoleName.InvalidChars"},
		{"long name", "CreateRole", role(params{"RoleName": strings.Repeat("a", 65)}), 400, "InvalidParameter.RoleName.Length"},
		{"no name", "CreateRole", role(params{"RoleName": ""}), 400, "MissingRoleName"},
		{"service-linked name", "CreateRole", role(params{"RoleName": "AliyunServiceRoleForHdr"}), 400, "NotSupport.ReservedRole"},
		{"CloudSSO's name", "CreateRole", role(params{"RoleName": "aliyunreservedsso-x"}), 400, "NotSupport.ReservedRole"},
		{"long description", "CreateRole", role(params{"Description": strings.Repeat("角", 1025)}), 400, "InvalidParameter.Description.Length"},
		{"short session", "CreateRole", role(params{"MaxSessionDuration": "3599"}), 400, "InvalidParameter.MaxSessionDuration"},
		{"long session", "CreateRole", role(params{"MaxSessionDuration": "43201"}), 400, "InvalidParameter.MaxSessionDuration"},
		{"no JSON", "CreateRole", role(params{"AssumeRolePolicyDocument": "{"}), 400, "MalformedPolicyDocument"},
		{"no trust policy", "CreateRole", role(params{"AssumeRolePolicyDocument": allowECS}), 400, "MalformedPolicyDocument"},
		{
			"long trust policy", "CreateRole", role(params{"AssumeRolePolicyDocument": trustAccount1 + strings.Repeat(" ", 6144)}),
			400, "InvalidParameter.AssumeRolePolicyDocument.Length",
		},
		{"tag of the service", "CreateRole", role(params{"Tag": `[{"Key":"acs:x"}]`}), 400, "InvalidParameter.Tag.Key"},
		{"tags not in JSON", "CreateRole", role(params{"Tag": `x`}), 400, "InvalidParameter.Tag"},
		{"tags in the style of IMS", "CreateRole", role(params{"Tag.1.Key": "x"}), 400, "InvalidParameter"},
		{"update of nobody", "UpdateRole", params{"RoleName": "nobody"}, 404, "EntityNotExist.Role"},
		{"update to no trust policy", "UpdateRole", params{"RoleName": "taken", "NewAssumeRolePolicyDocument": allowECS}, 400, "MalformedPolicyDocument"},
		{
			"update to nothing", "UpdateRole",
			params{"RoleName": "taken", "NewAssumeRolePolicyDocument": ""},
			400, "InvalidParameter.NewAssumeRolePolicyDocument.Length",
		},
		{
			"update to a long session", "UpdateRole",
			params{"RoleName": "taken", "NewMaxSessionDuration": "99999"},
			400, "InvalidParameter.NewMaxSessionDuration",
		},
		{"delete of nobody", "DeleteRole", params{"RoleName": "nobody"}, 404, "EntityNotExist.Role"},
		{"delete with a policy", "DeleteRole", params{"RoleName": "taken"}, 409, "DeleteConflict.Role.Policy"},
		{"page of 1001", "ListRoles", params{"MaxItems": "1001"}, 400, "InvalidParameter.MaxItems"},
		{"marker of nobody", "ListRoles", params{"Marker": "x"}, 400, "InvalidParameter.Marker"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.root.in(t).refused(ram, test.action, test.params, test.status, test.code)
		})
	}
}
