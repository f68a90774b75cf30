package ramclient

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var loginTests = map[string]operationTest{
	"create a login profile": {
		OpCreateLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateLoginProfile(ctx, CreateLoginProfileInput{
				UserPrincipalName: ci.UserPrincipalName, Password: rpc.NewSecret("testsecret"),
				PasswordResetRequired: true, MFABindRequired: true, Status: LoginInactive,
			}))
		},
		"MFABindRequired=true&PasswordResetRequired=true&Status=Inactive&UserPrincipalName=ci%40example.onaliyun.com", "Password=testsecret",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Inactive","MFABindRequired":true,"PasswordResetRequired":true,
		"PasswordStatus":"InitialValid","UpdateDate":"2026-01-02T03:04:05Z"}}`,
		LoginProfile{
			UserPrincipalName: ci.UserPrincipalName, Status: LoginInactive, PasswordResetRequired: true, MFABindRequired: true,
			PasswordStatus: "InitialValid", UpdateDate: at("2026-01-02T03:04:05Z"),
		},
	},
	"create a login profile without a password": {
		OpCreateLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateLoginProfile(ctx, CreateLoginProfileInput{UserPrincipalName: ci.UserPrincipalName}))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active"}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: LoginActive},
	},
	"update a login profile": {
		OpUpdateLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateLoginProfile(ctx, UpdateLoginProfileInput{
				UserPrincipalName: ci.UserPrincipalName, PasswordResetRequired: new(false), MFABindRequired: new(true), Status: LoginActive,
			}))
		},
		"MFABindRequired=true&PasswordResetRequired=false&Status=Active&UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active","MFABindRequired":true}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: LoginActive, MFABindRequired: true},
	},
	"change a password": {
		OpUpdateLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateLoginProfile(ctx, UpdateLoginProfileInput{UserPrincipalName: ci.UserPrincipalName, Password: rpc.NewSecret("testsecret")}))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "Password=testsecret",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active"}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: LoginActive},
	},
	"get a login profile": {
		OpGetLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetLoginProfile(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active","MFABindRequired":true,"PasswordResetRequired":false,"LastLoginTime":""}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: LoginActive, MFABindRequired: true},
	},
	"delete a login profile": {
		OpDeleteLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteLoginProfile(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{}`, nil,
	},
	"get MFA": {
		OpGetUserMFAInfo, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetUserMFAInfo(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"IsMFAEnable":true,"MFADevice":{"SerialNumber":"acs:ram::1000000000000001:mfa/ci","Type":"VMFA"}}`,
		MFAInfo{true, MFADevice{"acs:ram::1000000000000001:mfa/ci", "VMFA"}},
	},
	"unbind MFA": {
		OpUnbindMFADevice, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UnbindMFADevice(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "", `{"MFADevice":{"SerialNumber":"s"}}`, nil,
	},
}
