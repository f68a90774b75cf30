package ramclient

import "context"

var userTests = map[string]operationTest{
	"create a user": {
		OpCreateUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateUser(ctx, CreateUserInput{
				UserPrincipalName: "ci@example.onaliyun.com", DisplayName: "CI", Comments: "c", Email: "e@example.com",
				MobilePhone: "86-18600000000", Tags: Tags{"b": "2", "a": "1"},
			}))
		},
		"Comments=c&DisplayName=CI&Email=e%40example.com&MobilePhone=86-18600000000&Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b&Tag.2.Value=2&UserPrincipalName=ci%40example.onaliyun.com",
		"",
		`{"User":{` + someUser + `,"Comments":"c","Email":"e@example.com","MobilePhone":"86-18600000000","CreateDate":"2026-01-02T03:04:05Z",
		"ProvisionType":"Manual","Tags":{"Tag":[{"TagKey":"a","TagValue":"1"}]}}}`,
		User{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, UserName: "ci", DisplayName: "CI", Comments: "c",
			Email: "e@example.com", MobilePhone: "86-18600000000", ProvisionType: "Manual",
			CreateDate: at("2026-01-02T03:04:05Z"), Tags: Tags{"a": "1"},
		},
	},
	"get a user by id": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{UserID: "200000000000000001"}))
		},
		"UserId=200000000000000001", "",
		`{"User":{` + someUser + `,"UserName":"ci","LastLoginDate":""}}`, ci,
	},
	"get a user by name": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{UserPrincipalName: "ci@example.onaliyun.com"}))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"get a user by key": {
		OpGetUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUser(ctx, GetUserInput{AccessKeyID: "LTAIexample000000000001"}))
		},
		"UserAccessKeyId=LTAIexample000000000001", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"rename a user and clear its comments": {
		OpUpdateUser, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateUser(ctx, UpdateUserInput{
				UserID: ci.UserID, NewUserPrincipalName: new("ci@example.onaliyun.com"), NewComments: new(""),
			}))
		},
		"NewComments=&NewUserPrincipalName=ci%40example.onaliyun.com&UserId=200000000000000001", "",
		`{"User":{` + someUser + `}}`, ci,
	},
	"delete a user": {
		OpDeleteUser, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteUser(ctx, ci.UserID)) },
		"UserId=200000000000000001", "", `{}`, nil,
	},
	"list users": {
		OpListUsers, func(ctx context.Context, c *Client) (any, error) { return all(c.ListUsers(ctx)) },
		"MaxItems=1000&Status=active%2Cfreeze", "",
		`{"IsTruncated":false,"Users":{"User":[{` + someUser + `,"Status":"freeze","Tags":{"Tag":[]}}]}}`,
		[]User{{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, UserName: "ci", DisplayName: "CI", Status: "freeze", Tags: Tags{},
		}},
	},
	"list no users": {
		OpListUsers, func(ctx context.Context, c *Client) (any, error) { return all(c.ListUsers(ctx)) },
		"MaxItems=1000&Status=active%2Cfreeze", "", `{}`, []User(nil),
	},
	"list deleted users": {
		OpListUsersInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListUsersInRecycleBin(ctx, "ci@example.onaliyun.com"))
		},
		"Filter=UserPrincipalName%20eq%20ci%40example.onaliyun.com&MaxItems=100", "",
		`{"Users":{"User":[{` + someUser + `,"RecycleDate":"2026-01-02T03:04:05Z","DeleteDate":"2026-02-01T03:04:05Z"}]}}`,
		[]RecycledUser{{
			UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, DisplayName: "CI",
			RecycleDate: at("2026-01-02T03:04:05Z"), DeleteDate: at("2026-02-01T03:04:05Z"),
		}},
	},
	"get a deleted user": {
		OpGetUserInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUserInRecycleBin(ctx, GetRecycledUserInput{UserID: ci.UserID}))
		},
		"UserId=200000000000000001", "", `{"User":{` + someUser + `}}`,
		RecycledUser{UserID: ci.UserID, UserPrincipalName: ci.UserPrincipalName, DisplayName: "CI"},
	},
	"restore a user": {
		OpRestoreUserFromRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RestoreUserFromRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "", `{}`, nil,
	},
	"purge a user": {
		OpDeleteUserInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteUserInRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "", `{}`, nil,
	},
}
