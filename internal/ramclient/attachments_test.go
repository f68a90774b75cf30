package ramclient

import "context"

var attachmentTests = map[string]operationTest{
	"attach to a user": {
		OpAttachPolicyToUser, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToUser(ctx, UserPolicy{"ci", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&UserName=ci", "", `{}`, nil,
	},
	"attach to a group within a resource group": {
		OpAttachPolicyToGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToGroup(ctx, GroupPolicy{"dev", "ReadOSS", PolicyCustom, "rg-1"}))
		},
		"GroupName=dev&PolicyName=ReadOSS&PolicyType=Custom&ResourceGroupId=rg-1", "", `{}`, nil,
	},
	"attach to a role": {
		OpAttachPolicyToRole, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.AttachPolicyToRole(ctx, RolePolicy{"ops", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&RoleName=ops", "", `{}`, nil,
	},
	"detach from a user": {
		OpDetachPolicyFromUser, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromUser(ctx, UserPolicy{"ci", "ReadOSS", PolicyCustom, "rg-1"}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&ResourceGroupId=rg-1&UserName=ci", "", `{}`, nil,
	},
	"detach from a group": {
		OpDetachPolicyFromGroup, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromGroup(ctx, GroupPolicy{"dev", "ReadOSS", PolicyCustom, ""}))
		},
		"GroupName=dev&PolicyName=ReadOSS&PolicyType=Custom", "", `{}`, nil,
	},
	"detach from a role": {
		OpDetachPolicyFromRole, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicyFromRole(ctx, RolePolicy{"ops", "ReadOSS", PolicyCustom, ""}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&RoleName=ops", "", `{}`, nil,
	},
	"policies of a user": {
		OpListPoliciesForUser, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForUser(ctx, "ci")) },
		"UserName=ci", "",
		`{"Policies":{"Policy":[{"PolicyName":"ReadOSS","PolicyType":"Custom","Description":"d","DefaultVersion":"v1","AttachDate":"2026-01-02T03:04:05Z"}]}}`,
		[]AttachedPolicy{{"ReadOSS", PolicyCustom, "d", "v1", at("2026-01-02T03:04:05Z")}},
	},
	"policies of a group": {
		OpListPoliciesForGroup, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForGroup(ctx, "dev")) },
		"GroupName=dev", "", `{"Policies":{"Policy":[]}}`,
		[]AttachedPolicy{},
	},
	"policies of a role": {
		OpListPoliciesForRole, func(ctx context.Context, c *Client) (any, error) { return value(c.ListPoliciesForRole(ctx, "ops")) },
		"RoleName=ops", "", `{}`, []AttachedPolicy(nil),
	},
	"entities of a policy": {
		OpListEntitiesForPolicy, func(ctx context.Context, c *Client) (any, error) { return value(c.ListEntitiesForPolicy(ctx, readOSS)) },
		"PolicyName=ReadOSS&PolicyType=Custom", "",
		`{"Users":{"User":[{"UserId":"1","UserName":"ci","DisplayName":"CI"}]},"Groups":{"Group":[{"GroupName":"dev","Comments":"c"}]},
		"Roles":{"Role":[{"RoleId":"3","RoleName":"ops","Arn":"acs:ram::1000000000000001:role/ops","Description":"d"}]}}`,
		PolicyEntities{
			[]PolicyUser{{UserID: "1", UserName: "ci", DisplayName: "CI"}},
			[]PolicyGroup{{GroupName: "dev", Comments: "c"}},
			[]PolicyRole{{RoleID: "3", RoleName: "ops", ARN: ops.ARN, Description: "d"}},
		},
	},
	"detach within a scope": {
		OpDetachPolicy, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DetachPolicy(ctx, ScopedAttachment{"ReadOSS", PolicyCustom, PrincipalRole, "ops@role.example.onaliyunservice.com", "rg-1"}))
		},
		"PolicyName=ReadOSS&PolicyType=Custom&PrincipalName=ops%40role.example.onaliyunservice.com&PrincipalType=ServiceRole&ResourceGroupId=rg-1", "", `{}`, nil,
	},
	"attachments of a principal": {
		OpListPolicyAttachments, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListPolicyAttachments(ctx, ListPolicyAttachmentsInput{PrincipalType: PrincipalGroup, PrincipalName: "dev@group.example.onaliyun.com"}))
		},
		"PageNumber=1&PageSize=100&PrincipalName=dev%40group.example.onaliyun.com&PrincipalType=IMSGroup", "",
		`{"TotalCount":1,"PageNumber":1,"PageSize":100,"PolicyAttachments":{"PolicyAttachment":[{"PolicyName":"ReadOSS","PolicyType":"Custom",
		"PrincipalType":"IMSGroup","PrincipalName":"dev@group.example.onaliyun.com","ResourceGroupId":"rg-1","AttachDate":"2026-01-02T03:04:05Z"}]}}`,
		[]PolicyAttachment{{"ReadOSS", PolicyCustom, PrincipalGroup, "dev@group.example.onaliyun.com", "rg-1", "", at("2026-01-02T03:04:05Z")}},
	},
}
