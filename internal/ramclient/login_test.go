package ramclient

import "context"

var loginTests = map[string]operationTest{
	"get a login profile": {
		OpGetLoginProfile, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetLoginProfile(ctx, ci.UserPrincipalName))
		},
		"UserPrincipalName=ci%40example.onaliyun.com", "",
		`{"LoginProfile":{"UserPrincipalName":"ci@example.onaliyun.com","Status":"Active","MFABindRequired":true,"PasswordResetRequired":false,"LastLoginTime":""}}`,
		LoginProfile{UserPrincipalName: ci.UserPrincipalName, Status: "Active", MFABindRequired: true},
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
