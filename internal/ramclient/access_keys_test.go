package ramclient

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var accessKeyTests = map[string]operationTest{
	"create a key": {
		OpCreateAccessKey, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateAccessKey(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKey":{"AccessKeyId":"LTAIexample000000000001","AccessKeySecret":"testsecret","Status":"Active","CreateDate":"2026-01-02T03:04:05Z"}}`,
		CreatedAccessKey{
			AccessKey{AccessKeyID: "LTAIexample000000000001", Status: AccessKeyActive, CreateDate: at("2026-01-02T03:04:05Z")},
			rpc.NewSecret("testsecret"),
		},
	},
	"list keys": {
		OpListAccessKeys, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeys(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAIexample000000000001","Status":"Inactive","CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z"}]}}`,
		[]AccessKey{{"LTAIexample000000000001", AccessKeyInactive, at("2026-01-02T03:04:05Z"), at("2026-01-03T03:04:05Z")}},
	},
	"list no keys": {
		OpListAccessKeys, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeys(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{"AccessKeys":{"AccessKey":[]}}`,
		[]AccessKey{},
	},
	"disable a key": {
		OpUpdateAccessKey, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UpdateAccessKey(ctx, someKey, AccessKeyInactive))
		},
		"Status=Inactive&UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"delete a key": {
		OpDeleteAccessKey, func(ctx context.Context, c *Client) (any, error) { return nothing(c.DeleteAccessKey(ctx, someKey)) },
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"last use of a key": {
		OpGetAccessKeyLastUsed, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyLastUsed(ctx, someKey))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeyLastUsed":{"LastUsedDate":"2026-01-02T03:04:05Z","ServiceName":"Ram"}}`,
		AccessKeyLastUsed{at("2026-01-02T03:04:05Z"), "Ram"},
	},
	"a key never used": {
		OpGetAccessKeyLastUsed, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyLastUsed(ctx, someKey))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"AccessKeyLastUsed":{"LastUsedDate":"N/A","ServiceName":"N/A"}}`,
		AccessKeyLastUsed{ServiceName: "N/A"},
	},
	"list deleted keys": {
		OpListAccessKeysInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListAccessKeysInRecycleBin(ctx, ci.UserID))
		},
		"UserId=200000000000000001", "",
		`{"AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAIexample000000000001","RecycleDate":"2026-01-02T03:04:05Z"}]}}`,
		[]RecycledAccessKey{{AccessKeyID: "LTAIexample000000000001", RecycleDate: at("2026-01-02T03:04:05Z")}},
	},
	"find a deleted key": {
		OpGetAccessKeyInfoInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetAccessKeyInfoInRecycleBin(ctx, "LTAIexample000000000001"))
		},
		"UserAccessKeyId=LTAIexample000000000001", "",
		`{"AccessKey":{"AccessKeyId":"LTAIexample000000000001","UserId":"200000000000000001","UserPrincipalName":"ci@example.onaliyun.com","UserRecycled":true}}`,
		RecycledAccessKeyInfo{RecycledAccessKey{AccessKeyID: "LTAIexample000000000001"}, ci.UserID, ci.UserPrincipalName, true},
	},
	"restore a key": {
		OpRestoreAccessKeyFromRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.RestoreAccessKeyFromRecycleBin(ctx, binned))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserId=200000000000000001", "", `{}`, nil,
	},
	"purge a key": {
		OpDeleteAccessKeyInRecycleBin, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteAccessKeyInRecycleBin(ctx, binned))
		},
		"UserAccessKeyId=LTAIexample000000000001&UserId=200000000000000001", "", `{}`, nil,
	},
}
