package ramclient

import "context"

const someOIDCProvider = `{"OIDCProvider":{"OIDCProviderName":"gh","Arn":"acs:ram::1000000000000001:oidc-provider/gh","IssuerUrl":"https://token.example.com",
	"ClientIds":"sts.aliyuncs.com,other","Fingerprints":"902ef2de","Description":"d","IssuanceLimitTime":6,
	"CreateDate":"2026-01-02T03:04:05Z","UpdateDate":"2026-01-03T03:04:05Z","GmtCreate":"1767323045000"}}`

var gh = OIDCProvider{
	OIDCProviderName: "gh", ARN: "acs:ram::1000000000000001:oidc-provider/gh", IssuerURL: "https://token.example.com",
	ClientIDs: CommaList{"sts.aliyuncs.com", "other"}, Fingerprints: CommaList{"902ef2de"}, Description: "d", IssuanceLimitTime: 6,
	CreateDate: at("2026-01-02T03:04:05Z"), UpdateDate: at("2026-01-03T03:04:05Z"),
}

var oidcProviderTests = map[string]operationTest{
	"create an OIDC provider": {
		OpCreateOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateOIDCProvider(ctx, CreateOIDCProviderInput{
				OIDCProviderName: "gh", IssuerURL: "https://token.example.com", ClientIDs: CommaList{"sts.aliyuncs.com", "other"},
				Fingerprints: CommaList{"902ef2de", "a1"}, Description: "d", IssuanceLimitTime: 6,
			}))
		},
		"ClientIds=sts.aliyuncs.com%2Cother&Description=d&Fingerprints=902ef2de%2Ca1&IssuanceLimitTime=6&IssuerUrl=https%3A%2F%2Ftoken.example.com&OIDCProviderName=gh", "",
		someOIDCProvider, gh,
	},
	"create a bare OIDC provider": {
		OpCreateOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.CreateOIDCProvider(ctx, CreateOIDCProviderInput{OIDCProviderName: "gh", IssuerURL: "https://token.example.com"}))
		},
		"IssuerUrl=https%3A%2F%2Ftoken.example.com&OIDCProviderName=gh", "",
		`{"OIDCProvider":{"OIDCProviderName":"gh","Arn":"a","ClientIds":""}}`,
		OIDCProvider{OIDCProviderName: "gh", ARN: "a"},
	},
	"get an OIDC provider": {
		OpGetOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.GetOIDCProvider(ctx, "gh"))
		},
		"OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"update an OIDC provider": {
		OpUpdateOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.UpdateOIDCProvider(ctx, UpdateOIDCProviderInput{
				OIDCProviderName: "gh", ClientIDs: CommaList{"a", "b"}, NewDescription: new(""), IssuanceLimitTime: 12,
			}))
		},
		"ClientIds=a%2Cb&IssuanceLimitTime=12&NewDescription=&OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"accept an audience": {
		OpAddClientIDToOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AddClientIDToOIDCProvider(ctx, "gh", "a"))
		},
		"ClientId=a&OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"refuse an audience": {
		OpRemoveClientIDFromOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.RemoveClientIDFromOIDCProvider(ctx, "gh", "a"))
		},
		"ClientId=a&OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"trust a certificate": {
		OpAddFingerprintToOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.AddFingerprintToOIDCProvider(ctx, "gh", "f"))
		},
		"Fingerprint=f&OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"trust a certificate no more": {
		OpRemoveFingerprintFromOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return value(c.RemoveFingerprintFromOIDCProvider(ctx, "gh", "f"))
		},
		"Fingerprint=f&OIDCProviderName=gh", "", someOIDCProvider, gh,
	},
	"delete an OIDC provider": {
		OpDeleteOIDCProvider, func(ctx context.Context, c *Client) (any, error) {
			return nothing(c.DeleteOIDCProvider(ctx, "gh"))
		},
		"OIDCProviderName=gh", "", `{}`, nil,
	},
	"list OIDC providers": {
		OpListOIDCProviders, func(ctx context.Context, c *Client) (any, error) {
			return all(c.ListOIDCProviders(ctx))
		},
		"MaxItems=100", "", `{"IsTruncated":false,"OIDCProviders":{"OIDCProvider":[{"OIDCProviderName":"gh","ClientIds":"a,b"}]}}`,
		[]OIDCProvider{{OIDCProviderName: "gh", ClientIDs: CommaList{"a", "b"}}},
	},
}
