package ramclient

import (
	"cmp"
	"context"
	"iter"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// OIDCProvider is an OpenID Connect identity provider whose tokens open sessions of the
// roles that trust it.
type OIDCProvider struct {
	// OIDCProviderName has 1 to 128 of letters, digits, ".", "_", "-", at its ends the first two only.
	OIDCProviderName string
	// ARN is "acs:ram::<account id>:oidc-provider/<name>".
	ARN string `json:"Arn"`
	// IssuerURL begins with "https://" and occurs once in an account; at most 255 characters.
	IssuerURL string `json:"IssuerUrl"`
	// ClientIDs, at most 50, are the audiences whose tokens are accepted.
	ClientIDs CommaList `json:"ClientIds"`
	// Fingerprints, at most 5, are of the issuer's HTTPS certificates.
	Fingerprints CommaList
	// Description has at most 256 characters. Empty if there is none.
	Description string
	// IssuanceLimitTime is for how many hours after its issuance a token is accepted, 1 to 168.
	IssuanceLimitTime      int
	CreateDate, UpdateDate Time
}

type oidcProviderAnswer struct{ OIDCProvider OIDCProvider }

func (a *oidcProviderAnswer) Check() error {
	return cmp.Or(
		missing("OIDCProvider.OIDCProviderName", a.OIDCProvider.OIDCProviderName),
		missing("OIDCProvider.Arn", a.OIDCProvider.ARN))
}

// oidcProvider calls one of the operations that answer with a provider.
func (c *Client) oidcProvider(ctx context.Context, op rpc.Operation, in any) (OIDCProvider, error) {
	var out oidcProviderAnswer
	err := c.do(ctx, op, in, &out)
	return out.OIDCProvider, err
}

// CreateOIDCProviderInput is the input of CreateOIDCProvider.
type CreateOIDCProviderInput struct {
	OIDCProviderName string    `param:"OIDCProviderName,required"`
	IssuerURL        string    `param:"IssuerUrl,required"`
	ClientIDs        CommaList `param:"ClientIds"`
	Fingerprints     CommaList `param:"Fingerprints"`
	Description      string    `param:"Description"`
	// IssuanceLimitTime is in hours; 0 leaves it to the service.
	IssuanceLimitTime int `param:"IssuanceLimitTime"`
}

// CreateOIDCProvider adds a provider (IMS 2019-08-15: CreateOIDCProvider). An account has
// at most 100. Errors: EntityAlreadyExists.OIDCProvider is expected, InvalidParameter.*.
func (c *Client) CreateOIDCProvider(ctx context.Context, in CreateOIDCProviderInput) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpCreateOIDCProvider, in)
}

// GetOIDCProvider reads a provider (IMS 2019-08-15: GetOIDCProvider). Errors:
// EntityNotExist.OIDCProvider.
func (c *Client) GetOIDCProvider(ctx context.Context, name string) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpGetOIDCProvider, oidcProviderByName{name})
}

// UpdateOIDCProviderInput is the input of UpdateOIDCProvider. Issuer and fingerprints
// cannot be changed by it.
type UpdateOIDCProviderInput struct {
	OIDCProviderName string `param:"OIDCProviderName,required"`
	// ClientIDs replace all there are; none leaves them as they are.
	ClientIDs CommaList `param:"ClientIds"`
	// NewDescription: nil leaves it as it is; a pointer to "" clears it.
	NewDescription *string `param:"NewDescription"`
	// IssuanceLimitTime is in hours; 0 leaves it as it is.
	IssuanceLimitTime int `param:"IssuanceLimitTime"`
}

// UpdateOIDCProvider changes a provider (IMS 2019-08-15: UpdateOIDCProvider). Errors:
// EntityNotExist.OIDCProvider, InvalidParameter.*.
func (c *Client) UpdateOIDCProvider(ctx context.Context, in UpdateOIDCProviderInput) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpUpdateOIDCProvider, in)
}

// AddClientIDToOIDCProvider accepts one more audience (IMS 2019-08-15:
// AddClientIdToOIDCProvider). Errors: EntityNotExist.OIDCProvider.
func (c *Client) AddClientIDToOIDCProvider(ctx context.Context, name, clientID string) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpAddClientIDToOIDCProvider, oidcClientID{name, clientID})
}

// RemoveClientIDFromOIDCProvider refuses an audience from now on (IMS 2019-08-15:
// RemoveClientIdFromOIDCProvider). Errors: EntityNotExist.OIDCProvider.
func (c *Client) RemoveClientIDFromOIDCProvider(ctx context.Context, name, clientID string) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpRemoveClientIDFromOIDCProvider, oidcClientID{name, clientID})
}

// AddFingerprintToOIDCProvider trusts one more certificate (IMS 2019-08-15:
// AddFingerprintToOIDCProvider). Errors: EntityNotExist.OIDCProvider.
func (c *Client) AddFingerprintToOIDCProvider(ctx context.Context, name, fingerprint string) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpAddFingerprintToOIDCProvider, oidcFingerprint{name, fingerprint})
}

// RemoveFingerprintFromOIDCProvider trusts a certificate no more (IMS 2019-08-15:
// RemoveFingerprintFromOIDCProvider). Errors: EntityNotExist.OIDCProvider.
func (c *Client) RemoveFingerprintFromOIDCProvider(ctx context.Context, name, fingerprint string) (OIDCProvider, error) {
	return c.oidcProvider(ctx, OpRemoveFingerprintFromOIDCProvider, oidcFingerprint{name, fingerprint})
}

// DeleteOIDCProvider removes a provider (IMS 2019-08-15: DeleteOIDCProvider). Errors:
// EntityNotExist.OIDCProvider.
func (c *Client) DeleteOIDCProvider(ctx context.Context, name string) error {
	return c.do(ctx, OpDeleteOIDCProvider, oidcProviderByName{name}, nil)
}

// ListOIDCProviders lists all providers with all their attributes, 100 a page (IMS
// 2019-08-15: ListOIDCProviders).
func (c *Client) ListOIDCProviders(ctx context.Context) iter.Seq2[OIDCProvider, error] {
	return pages(OpListOIDCProviders.Name, func(marker string) (page[OIDCProvider], error) { return c.oidcProvidersPage(ctx, marker) })
}

func (c *Client) oidcProvidersPage(ctx context.Context, marker string) (page[OIDCProvider], error) {
	var out struct {
		marked
		OIDCProviders struct{ OIDCProvider []OIDCProvider }
	}
	err := c.do(ctx, OpListOIDCProviders, struct {
		Marker   string `param:"Marker"`
		MaxItems int    `param:"MaxItems"`
	}{marker, 100}, &out)
	if err != nil {
		return page[OIDCProvider]{}, err
	}
	next, err := out.after(OpListOIDCProviders.Name)
	return page[OIDCProvider]{out.OIDCProviders.OIDCProvider, next}, err
}

type oidcProviderByName struct {
	OIDCProviderName string `param:"OIDCProviderName,required"`
}

type oidcClientID struct {
	OIDCProviderName string `param:"OIDCProviderName,required"`
	ClientID         string `param:"ClientId,required"`
}

type oidcFingerprint struct {
	OIDCProviderName string `param:"OIDCProviderName,required"`
	Fingerprint      string `param:"Fingerprint,required"`
}
