package ramclient

import "context"

var accountTests = map[string]operationTest{
	"account alias": {
		OpGetAccountAlias, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountAlias(ctx)) },
		"", "", `{"AccountAlias":"example"}`, "example",
	},
	"no account alias": {
		OpGetAccountAlias, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountAlias(ctx)) },
		"", "", `{}`, "",
	},
	"set the account alias": {
		OpSetAccountAlias, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.SetAccountAlias(ctx, "example"))
		},
		"AccountAlias=example", "", `{}`, nil,
	},
	"clear the account alias": {
		OpClearAccountAlias, func(ctx context.Context, c *Client) (any, error) { return nothing(c.ClearAccountAlias(ctx)) },
		"", "", `{}`, nil,
	},
	"set the default domain": {
		OpSetDefaultDomain, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.SetDefaultDomain(ctx, "example.onaliyun.com"))
		},
		"DefaultDomainName=example.onaliyun.com", "", `{"DefaultDomainName":"example.onaliyun.com"}`, nil,
	},
	"default domain": {
		OpGetDefaultDomain, func(ctx context.Context, c *Client) (any, error) { return value(c.GetDefaultDomain(ctx)) },
		"", "", `{"DefaultDomainName":"example.onaliyun.com"}`, "example.onaliyun.com",
	},
	"account summary": {
		OpGetAccountSummary, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountSummary(ctx)) },
		"", "", `{"SummaryMap":{"Users":3,"UsersQuota":5000,"AccessKeysPerUserQuota":2,"IPItemsPerAKPolicyQuota":50,"Unknown":1}}`,
		AccountSummary{Users: 3, UsersQuota: 5000, AccessKeysPerUserQuota: 2, IPItemsPerAKPolicyQuota: 50},
	},
}
