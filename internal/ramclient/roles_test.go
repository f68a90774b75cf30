package ramclient

import "context"

var roleTests = map[string]operationTest{
	"create a role": {
		OpCreateRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateRole(ctx, CreateRoleInput{
				RoleName: "ops", AssumeRolePolicyDocument: "{}", Description: "d", MaxSessionDuration: 7200, Tags: Tags{"k": "v"},
			}))
		},
		`Description=d&MaxSessionDuration=7200&RoleName=ops&Tag=[{"Key":"k","Value":"v"}]`, "AssumeRolePolicyDocument={}",
		`{"Role":{` + someRole + `,"MaxSessionDuration":7200,"AssumeRolePolicyDocument":"{ }","Description":"d"}}`,
		Role{RoleID: ops.RoleID, RoleName: "ops", ARN: ops.ARN, MaxSessionDuration: 7200, AssumeRolePolicyDocument: "{ }", Description: "d"},
	},
	"get a role": {
		OpGetRole, func(ctx context.Context, c *Client) (any, error) { return value(c.GetRole(ctx, "ops")) },
		"RoleName=ops", "", `{"Role":{` + someRole + `}}`, ops,
	},
	"update a role": {
		OpUpdateRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateRole(ctx, UpdateRoleInput{RoleName: "ops", NewAssumeRolePolicyDocument: "{}", NewDescription: new("")}))
		},
		"NewDescription=&RoleName=ops", "NewAssumeRolePolicyDocument={}", `{"Role":{` + someRole + `}}`, ops,
	},
	"delete a role": {
		OpDeleteRole, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteRole(ctx, "ops")) },
		"RoleName=ops", "", `{}`, nil,
	},
	"list roles": {
		OpListRoles, func(ctx context.Context, c *Client) (any, error) { return all(c.ListRoles(ctx)) },
		"MaxItems=1000", "",
		`{"Roles":{"Role":[{` + someRole + `,"Tags":{"Tag":[{"TagKey":"k","TagValue":"v"}]}}]}}`,
		[]Role{{RoleID: ops.RoleID, RoleName: "ops", ARN: ops.ARN, Tags: Tags{"k": "v"}}},
	},
}
