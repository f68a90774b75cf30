package ramclient

import "context"

const someGroup = `"GroupId":"g-1","GroupName":"dev"`

var dev = Group{GroupID: "g-1", GroupName: "dev"}

var groupTests = map[string]operationTest{
	"create a group": {
		OpCreateGroup, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateGroup(ctx, CreateGroupInput{GroupName: "dev", DisplayName: "Dev", Comments: "c"}))
		},
		"Comments=c&DisplayName=Dev&GroupName=dev", "",
		`{"Group":{` + someGroup + `,"DisplayName":"Dev","Comments":"c","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}}`,
		Group{"g-1", "dev", "Dev", "c", at("2026-01-02T03:04:05Z"), at("2026-01-03T03:04:05Z")},
	},
	"get a group": {
		OpGetGroup, func(ctx context.Context, c *Client) (any, error) { return value(c.GetGroup(ctx, "dev")) },
		"GroupName=dev", "", `{"Group":{` + someGroup + `}}`, dev,
	},
	"rename a group and clear its comments": {
		OpUpdateGroup, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateGroup(ctx, UpdateGroupInput{
				GroupName: "old", NewGroupName: new("dev"), NewDisplayName: new("Dev"), NewComments: new(""),
			}))
		},
		"GroupName=old&NewComments=&NewDisplayName=Dev&NewGroupName=dev", "", `{"Group":{` + someGroup + `}}`, dev,
	},
	"delete a group": {
		OpDeleteGroup, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteGroup(ctx, "dev")) },
		"GroupName=dev", "", `{}`, nil,
	},
	"list groups": {
		OpListGroups, func(ctx context.Context, c *Client) (any, error) { return all(c.ListGroups(ctx)) },
		"MaxItems=100", "", `{"IsTruncated":false,"Groups":{"Group":[{` + someGroup + `}]}}`,
		[]Group{dev},
	},
	"list no groups": {
		OpListGroups, func(ctx context.Context, c *Client) (any, error) { return all(c.ListGroups(ctx)) },
		"MaxItems=100", "", `{"Groups":{"Group":[]}}`, []Group(nil),
	},
	"members of a group": {
		OpListUsersForGroup, func(ctx context.Context, c *Client) (any, error) { return all(c.ListUsersForGroup(ctx, "dev")) },
		"GroupName=dev&MaxItems=100", "",
		`{"Users":{"User":[{` + someUser + `,"JoinDate":"2026-01-02T03:04:05Z"}]}}`,
		[]GroupMember{{ci.UserID, ci.UserPrincipalName, "CI", at("2026-01-02T03:04:05Z")}},
	},
	"join a group": {
		OpAddUserToGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AddUserToGroup(ctx, ci.UserPrincipalName, "dev"))
		},
		"GroupName=dev&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
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
