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
	"default domain": {
		OpGetDefaultDomain, func(ctx context.Context, c *Client) (any, error) { return value(c.GetDefaultDomain(ctx)) },
		"", "", `{"DefaultDomainName":"example.onaliyun.com"}`, "example.onaliyun.com",
	},
	"account summary": {
		OpGetAccountSummary, func(ctx context.Context, c *Client) (any, error) { return value(c.GetAccountSummary(ctx)) },
		"", "", `{"SummaryMap":{"Users":3,"UsersQuota":5000,"AccessKeysPerUserQuota":2,"Unknown":1}}`,
		AccountSummary{Users: 3, UsersQuota: 5000, AccessKeysPerUserQuota: 2},
	},
}
