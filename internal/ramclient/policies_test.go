package ramclient

import "context"

var policyTests = map[string]operationTest{
	"create a policy": {
		OpCreatePolicy, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreatePolicy(ctx, CreatePolicyInput{PolicyName: "ReadOSS", PolicyDocument: "{}", Description: "d", Tags: Tags{"k": "v"}}))
		},
		`Description=d&PolicyName=ReadOSS&Tag=[{"Key":"k","Value":"v"}]`, "PolicyDocument={}",
		`{"Policy":{"PolicyName":"ReadOSS","PolicyType":"Custom","DefaultVersion":"v1","Description":"d"}}`,
		Policy{PolicyName: "ReadOSS", PolicyType: PolicyCustom, DefaultVersion: "v1", Description: "d"},
	},
	"get a policy": {
		OpGetPolicy, func(ctx context.Context, c *Client) (any, error) { return value(c.GetPolicy(ctx, readOSS)) },
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"Policy":{"PolicyName":"ReadOSS","PolicyType":"Custom","DefaultVersion":"v2","AttachmentCount":3},
		"DefaultPolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,"PolicyDocument":"{}"}}`,
		PolicyWithDocument{
			Policy{PolicyName: "ReadOSS", PolicyType: PolicyCustom, DefaultVersion: "v2", AttachmentCount: 3},
			PolicyVersion{VersionID: "v2", IsDefaultVersion: true, PolicyDocument: "{}"},
		},
	},
	"list policies": {
		OpListPolicies, func(ctx context.Context, c *Client) (any, error) { return all(c.ListPolicies(ctx, PolicySystem)) },
		"MaxItems=1000&PolicyType=System", "",
		`{"Policies":{"Policy":[{"PolicyName":"AdministratorAccess","PolicyType":"System"}]}}`,
		[]Policy{{PolicyName: "AdministratorAccess", PolicyType: PolicySystem}},
	},
	"describe a policy": {
		OpUpdatePolicyDescription, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdatePolicyDescription(ctx, "ReadOSS", ""))
		},
		"NewDescription=&PolicyName=ReadOSS", "", `{"Policy":{"PolicyName":"ReadOSS"}}`,
		Policy{PolicyName: "ReadOSS"},
	},
	"delete a policy with its versions": {
		OpDeletePolicy, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeletePolicy(ctx, "ReadOSS", true))
		},
		"CascadingDelete=true&PolicyName=ReadOSS", "", `{}`, nil,
	},
	"create a version": {
		OpCreatePolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreatePolicyVersion(ctx, CreatePolicyVersionInput{PolicyName: "ReadOSS", PolicyDocument: "{}", SetAsDefault: true}))
		},
		"PolicyName=ReadOSS&SetAsDefault=true", "PolicyDocument={}",
		`{"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,"PolicyDocument":"{}","CreateDate":"2026-01-02T03:04:05Z"}}`,
		PolicyVersion{"v2", true, "{}", at("2026-01-02T03:04:05Z")},
	},
	"list versions": {
		OpListPolicyVersions, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListPolicyVersions(ctx, readOSS))
		},
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"PolicyVersions":{"PolicyVersion":[{"VersionId":"v1"},{"VersionId":"v2","IsDefaultVersion":true}]}}`,
		[]PolicyVersion{{VersionID: "v1"}, {VersionID: "v2", IsDefaultVersion: true}},
	},
	"set the default version": {
		OpSetDefaultPolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.SetDefaultPolicyVersion(ctx, "ReadOSS", "v1"))
		},
		"PolicyName=ReadOSS&VersionId=v1", "", `{}`, nil,
	},
	"delete a version": {
		OpDeletePolicyVersion, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeletePolicyVersion(ctx, "ReadOSS", "v1"))
		},
		"PolicyName=ReadOSS&VersionId=v1", "", `{}`, nil,
	},
}
