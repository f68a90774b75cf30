package ramclient

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var stsTests = map[string]operationTest{
	"assume a role": {
		OpAssumeRole, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AssumeRole(ctx, AssumeRoleInput{
				RoleARN: ops.ARN, RoleSessionName: "s1", DurationSeconds: 900, Policy: "{}", ExternalID: "x",
			}))
		},
		"DurationSeconds=900&RoleArn=acs%3Aram%3A%3A1000000000000001%3Arole%2Fops&RoleSessionName=s1", "ExternalId=x&Policy={}",
		`{"Credentials":{"AccessKeyId":"STS.testid","AccessKeySecret":"testsecret","SecurityToken":"token","Expiration":"2026-01-02T03:04:05Z"},
		"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/ops/s1","AssumedRoleId":"3:s1"}}`,
		RoleSession{
			RoleSessionCredentials{"STS.testid", rpc.NewSecret("testsecret"), rpc.NewSecret("token"), at("2026-01-02T03:04:05Z")},
			AssumedRoleUser{"acs:ram::1000000000000001:role/ops/s1", "3:s1"},
		},
	},
	"assume a role with a token": {
		OpAssumeRoleWithOIDC, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AssumeRoleWithOIDC(ctx, AssumeRoleWithOIDCInput{
				OIDCProviderARN: "acs:ram::1000000000000001:oidc-provider/ci", RoleARN: ops.ARN, OIDCToken: rpc.NewSecret("testtoken"),
				RoleSessionName: "s1", DurationSeconds: 900, Policy: "{}",
			}))
		},
		"DurationSeconds=900&OIDCProviderArn=acs%3Aram%3A%3A1000000000000001%3Aoidc-provider%2Fci&RoleArn=acs%3Aram%3A%3A1000000000000001%3Arole%2Fops&RoleSessionName=s1",
		"OIDCToken=testtoken&Policy={}",
		`{"Credentials":{"AccessKeyId":"STS.testid","AccessKeySecret":"testsecret","SecurityToken":"token","Expiration":"2026-01-02T03:04:05Z"},
		"AssumedRoleUser":{"Arn":"acs:ram::1000000000000001:role/ops/s1","AssumedRoleId":"3:s1"},"OIDCTokenInfo":{"Subject":"x"}}`,
		RoleSession{
			RoleSessionCredentials{"STS.testid", rpc.NewSecret("testsecret"), rpc.NewSecret("token"), at("2026-01-02T03:04:05Z")},
			AssumedRoleUser{"acs:ram::1000000000000001:role/ops/s1", "3:s1"},
		},
	},
	"who am I": {
		OpGetCallerIdentity, func(ctx context.Context, c *Client) (any, error) { return value(c.GetCallerIdentity(ctx)) },
		"", "",
		`{"AccountId":"1000000000000001","Arn":"acs:ram::1000000000000001:user/ci","IdentityType":"RAMUser","PrincipalId":"2","UserId":"2"}`,
		CallerIdentity{"1000000000000001", "acs:ram::1000000000000001:user/ci", IdentityRAMUser, "2", "2", ""},
	},
}
