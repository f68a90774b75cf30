package ramclient

import "context"

const (
	someAppID       = "4000000000000000001"
	someApplication = `"ForeignAppId":"4000000000000000001","DisplayName":"official-cli","AppPrincipalName":"official-cli@app.1000000000000001.onaliyun.com",
	"TenantId":"1000000000000001","DelegatedScope":{"PredefinedScopes":{"PredefinedScope":[{"Name":"openid","Description":"d"},{"Name":"/internal/ram/usersts"}]}},
	"CreateDate":"1767323045000","UpdateDate":"1767409445000"`
)

var officialCLI = ExternalApplication{
	AppID: someAppID, DisplayName: "official-cli", AppPrincipalName: "official-cli@app.1000000000000001.onaliyun.com", TenantID: "1000000000000001",
	Scopes:     ApplicationScopes{{"openid", "d"}, {"/internal/ram/usersts", ""}},
	CreateDate: at("2026-01-02T03:04:05Z"), UpdateDate: at("2026-01-03T03:04:05Z"),
}

var externalApplicationTests = map[string]operationTest{
	"install an application": {
		OpProvisionExternalApplication, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ProvisionExternalApplication(ctx, someAppID, []string{"openid", "/internal/ram/usersts"}))
		},
		"AppId=4000000000000000001&Scopes=openid%3B%2Finternal%2Fram%2Fusersts", "",
		`{"ExternalApplication":{` + someApplication + `}}`, officialCLI,
	},
	"install an application with the scopes of its own": {
		OpProvisionExternalApplication, func(ctx context.Context, c *Client) (any, error) {
			return value(c.ProvisionExternalApplication(ctx, someAppID, nil))
		},
		"AppId=4000000000000000001", "", `{"ExternalApplication":{` + someApplication + `}}`, officialCLI,
	},
	"get an application": {
		OpGetExternalApplication, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetExternalApplication(ctx, someAppID))
		},
		"AppId=4000000000000000001", "", `{"ExternalApplication":{` + someApplication + `}}`, officialCLI,
	},
	"get an application without scopes": {
		OpGetExternalApplication, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetExternalApplication(ctx, someAppID))
		},
		"AppId=4000000000000000001", "",
		`{"ExternalApplication":{"ForeignAppId":"4000000000000000001","DelegatedScope":null}}`,
		ExternalApplication{AppID: someAppID},
	},
	"remove an application": {
		OpDeprovisionExternalApplication, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeprovisionExternalApplication(ctx, someAppID))
		},
		"AppId=4000000000000000001", "", `{}`, nil,
	},
	"list applications": {
		OpListExternalApplications, func(ctx context.Context, c *Client) (any, error) { return all(c.ListExternalApplications(ctx)) },
		"", "", `{"ExternalApplications":{"ExternalApplication":[{` + someApplication + `}]}}`,
		[]ExternalApplication{officialCLI},
	},
}
