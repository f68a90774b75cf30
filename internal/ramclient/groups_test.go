package ramclient

import "context"

var groupTests = map[string]operationTest{
	"groups of a user": {
		OpListGroupsForUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListGroupsForUser(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"Groups":{"Group":[{"GroupId":"g-1","GroupName":"dev","DisplayName":"Dev","Comments":"c","JoinDate":"2026-01-02T03:04:05Z"}]}}`,
		[]UserGroup{{"g-1", "dev", "Dev", "c", at("2026-01-02T03:04:05Z")}},
	},
	"leave a group": {
		OpRemoveUserFromGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RemoveUserFromGroup(ctx, ci.UserPrincipalName, "dev"))
		},
		"GroupName=dev&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
}
