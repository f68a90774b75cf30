package ramclient

import "context"

var tagTests = map[string]operationTest{
	"tag users": {
		OpTagUsers, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.TagUsers(ctx, []string{"1", "2"}, Tags{"k": "v"}))
		},
		"ResourceId.1=1&ResourceId.2=2&ResourceType=user&Tag.1.Key=k&Tag.1.Value=v", "", `{}`, nil,
	},
	"untag users": {
		OpUntagUsers, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UntagUsers(ctx, []string{"1"}, []string{"k", "l"}))
		},
		"ResourceId.1=1&ResourceType=user&TagKey.1=k&TagKey.2=l", "", `{}`, nil,
	},
	"tag roles": {
		OpTagResources, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.TagResources(ctx, TaggedRole, []string{"ops"}, Tags{"k": "v"}))
		},
		`ResourceNames=["ops"]&ResourceType=role&Tag=[{"Key":"k","Value":"v"}]`, "", `{}`, nil,
	},
	"untag policies": {
		OpUntagResources, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.UntagResources(ctx, TaggedPolicy, []string{"p"}, []string{"k"}))
		},
		`ResourceNames=["p"]&ResourceType=policy&TagKeys=["k"]`, "", `{}`, nil,
	},
	"tags of roles": {
		OpListTagResources, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ListTagResources(ctx, TaggedRole, []string{"ops", "dev"}))
		},
		`PageSize=100&ResourceNames=["ops","dev"]&ResourceType=role`, "",
		`{"TagResources":[{"ResourceType":"role","ResourceName":"ops","TagKey":"k","TagValue":"v"}]}`,
		map[string]Tags{"ops": {"k": "v"}, "dev": {}},
	},
}
