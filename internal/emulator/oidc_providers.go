package emulator

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

func oidcProviderOperations() []*operation {
	return []*operation{
		define(ims, "CreateOIDCProvider", write, nil, createOIDCProvider),
		define(ims, "GetOIDCProvider", read, oidcProviderARNOf[oidcProviderNamed], getOIDCProvider),
		define(ims, "ListOIDCProviders", read, nil, listOIDCProviders),
		define(ims, "UpdateOIDCProvider", write, oidcProviderARNOf[updateOIDCProviderInput], updateOIDCProvider),
		define(ims, "DeleteOIDCProvider", write, oidcProviderARNOf[oidcProviderNamed], deleteOIDCProvider),

		define(ims, "AddClientIdToOIDCProvider", write, oidcProviderARNOf[clientIDParam], addClientID),
		define(ims, "RemoveClientIdFromOIDCProvider", write, oidcProviderARNOf[clientIDParam], removeClientID),
		define(ims, "AddFingerprintToOIDCProvider", write, oidcProviderARNOf[fingerprintParam], addFingerprint),
		define(ims, "RemoveFingerprintFromOIDCProvider", write, oidcProviderARNOf[fingerprintParam], removeFingerprint),
	}
}

func oidcProviderARN(account, name string) string {
	return "acs:ram::" + account + ":oidc-provider/" + name
}

// oidcProviderNamed names an OIDC provider.
type oidcProviderNamed struct {
	OIDCProviderName string `param:",required"`
}

func (in oidcProviderNamed) providerName() string { return in.OIDCProviderName }

func oidcProviderARNOf[In interface{ providerName() string }](c *call, in In) string {
	return oidcProviderARN(c.account.ID, in.providerName())
}

func (in oidcProviderNamed) find(c *call) (*oidcProvider, *apiError) {
	if p := c.account.OIDCProviders[fold(in.OIDCProviderName)]; p != nil {
		return p, nil
	}
	return nil, notExist("OIDCProvider", "The OIDC provider does not exist: %s.", in.OIDCProviderName)
}

// "IMS API: CreateOIDCProvider"; the characters of a fingerprint are assumed.
var (
	providerNameRule = nameRule{1, 128, regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$`)}
	issuerURLRule    = nameRule{1, 255, nil}
	clientIDRule     = nameRule{1, 128, regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._:/-]*)?$`)}
	fingerprintRule  = nameRule{1, 128, regexp.MustCompile(`^[A-Za-z0-9]*$`)}
	providerNoteRule = nameRule{0, 256, nil}
)

// Hours that a token may be old (assumption "oidc-issuance-limit" for the standard).
const (
	standardIssuanceLimit = 12
	longestIssuanceLimit  = 168
)

func checkIssuerURL(text string) *apiError {
	if refused := issuerURLRule.check("IssuerUrl", text); refused != nil {
		return refused
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" || strings.ContainsAny(text, "?#@") {
		return invalidParameter("IssuerUrl", "IssuerUrl must be an https URL without query, fragment and login.")
	}
	return nil
}

func checkIssuanceLimit(hours *int) *apiError {
	if hours != nil && (*hours < 1 || *hours > longestIssuanceLimit) {
		return invalidParameter("IssuanceLimitTime", "IssuanceLimitTime must be between 1 and %d hours.", longestIssuanceLimit)
	}
	return nil
}

// splitSet takes a comma-joined parameter apart; a value given twice counts once.
func splitSet(parameter, joined string, rule nameRule, limit int) ([]string, *apiError) {
	var set []string
	if joined == "" {
		return set, nil
	}
	for value := range strings.SplitSeq(joined, ",") {
		if refused := rule.check(parameter, value); refused != nil {
			return nil, refused
		}
		if !slices.Contains(set, value) {
			set = append(set, value)
		}
	}
	if len(set) > limit {
		return nil, limitExceeded("OIDCProvider."+parameter, limit)
	}
	return set, nil
}

// CreateOIDCProvider.

type createOIDCProviderInput struct {
	oidcProviderNamed
	IssuerURL         string `param:"IssuerUrl,required"`
	ClientIDs         string `param:"ClientIds"`
	Fingerprints      string
	Description       string
	IssuanceLimitTime *int
}

func createOIDCProvider(c *call, in createOIDCProviderInput) (answer, *apiError) {
	clientIDs, refusedIDs := splitSet("ClientIds", in.ClientIDs, clientIDRule, maxClientIDs)
	fingerprints, refusedPrints := splitSet("Fingerprints", in.Fingerprints, fingerprintRule, maxFingerprints)
	if refused := first(
		providerNameRule.check("OIDCProviderName", in.OIDCProviderName),
		checkIssuerURL(in.IssuerURL),
		providerNoteRule.check("Description", in.Description),
		checkIssuanceLimit(in.IssuanceLimitTime),
		refusedIDs, refusedPrints,
	); refused != nil {
		return nil, refused
	}
	if c.account.OIDCProviders[fold(in.OIDCProviderName)] != nil {
		return nil, alreadyExists("OIDCProvider", "The OIDC provider already exists: %s.", in.OIDCProviderName)
	}
	for _, p := range c.account.OIDCProviders {
		if p.IssuerURL == in.IssuerURL {
			return nil, alreadyExists("OIDCProvider.IssuerUrl", "The OIDC provider %s has this issuer URL already.", p.Name)
		}
	}
	if len(c.account.OIDCProviders) >= maxOIDCProviders {
		return nil, limitExceeded("OIDCProvider", maxOIDCProviders)
	}
	p := &oidcProvider{
		Name: in.OIDCProviderName, IssuerURL: in.IssuerURL, Description: in.Description,
		ClientIDs: clientIDs, Fingerprints: fingerprints, IssuanceLimit: standardIssuanceLimit,
		Created: c.now, Updated: c.now,
	}
	if in.IssuanceLimitTime != nil {
		p.IssuanceLimit = *in.IssuanceLimitTime
	}
	c.account.OIDCProviders[fold(p.Name)] = p
	return c.oidcProviderAnswer(p), nil
}

func getOIDCProvider(c *call, in oidcProviderNamed) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return c.oidcProviderAnswer(p), nil
}

func listOIDCProviders(c *call, in pageParams) (answer, *apiError) {
	return page(c, in, pageSize{100, 100}, c.account.OIDCProviders, "OIDCProviders", "OIDCProvider",
		func(p *oidcProvider) any { return c.oidcProviderView(p) })
}

// UpdateOIDCProvider.

type updateOIDCProviderInput struct {
	oidcProviderNamed
	ClientIDs         *string `param:"ClientIds"`
	NewDescription    *string
	IssuanceLimitTime *int
}

func updateOIDCProvider(c *call, in updateOIDCProviderInput) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	clientIDs, refused := splitSet("ClientIds", valueOr(in.ClientIDs, ""), clientIDRule, maxClientIDs)
	if refused := first(
		refused,
		providerNoteRule.checkOptional("NewDescription", in.NewDescription),
		checkIssuanceLimit(in.IssuanceLimitTime),
	); refused != nil {
		return nil, refused
	}
	if in.ClientIDs != nil {
		p.ClientIDs = clientIDs
	}
	if in.IssuanceLimitTime != nil {
		p.IssuanceLimit = *in.IssuanceLimitTime
	}
	p.Description, p.Updated = valueOr(in.NewDescription, p.Description), c.now
	return c.oidcProviderAnswer(p), nil
}

func deleteOIDCProvider(c *call, in oidcProviderNamed) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	delete(c.account.OIDCProviders, fold(p.Name))
	return answer{}, nil
}

// Client ids and fingerprints, one at a time.

type clientIDParam struct {
	oidcProviderNamed
	ClientID string `param:"ClientId,required"`
}

type fingerprintParam struct {
	oidcProviderNamed
	Fingerprint string `param:",required"`
}

func addClientID(c *call, in clientIDParam) (answer, *apiError) {
	return in.change(c, clientIDRule.check("ClientId", in.ClientID), func(p *oidcProvider) *apiError {
		return insert(&p.ClientIDs, in.ClientID, "ClientId", maxClientIDs)
	})
}

func removeClientID(c *call, in clientIDParam) (answer, *apiError) {
	return in.change(c, nil, func(p *oidcProvider) *apiError { return remove(&p.ClientIDs, in.ClientID, "ClientId") })
}

func addFingerprint(c *call, in fingerprintParam) (answer, *apiError) {
	return in.change(c, fingerprintRule.check("Fingerprint", in.Fingerprint), func(p *oidcProvider) *apiError {
		return insert(&p.Fingerprints, in.Fingerprint, "Fingerprint", maxFingerprints)
	})
}

func removeFingerprint(c *call, in fingerprintParam) (answer, *apiError) {
	return in.change(c, nil, func(p *oidcProvider) *apiError { return remove(&p.Fingerprints, in.Fingerprint, "Fingerprint") })
}

func (in oidcProviderNamed) change(c *call, refused *apiError, apply func(*oidcProvider) *apiError) (answer, *apiError) {
	p, missing := in.find(c)
	if refused := first(refused, missing); refused != nil {
		return nil, refused
	}
	if refused := apply(p); refused != nil {
		return nil, refused
	}
	p.Updated = c.now
	return c.oidcProviderAnswer(p), nil
}

func insert(set *[]string, value, kind string, limit int) *apiError {
	switch {
	case slices.Contains(*set, value):
		return alreadyExists("OIDCProvider."+kind, "The OIDC provider has this %s already.", kind)
	case len(*set) >= limit:
		return limitExceeded("OIDCProvider."+kind, limit)
	}
	*set = append(*set, value)
	return nil
}

func remove(set *[]string, value, kind string) *apiError {
	at := slices.Index(*set, value)
	if at < 0 {
		return notExist("OIDCProvider."+kind, "The OIDC provider does not have this %s.", kind)
	}
	*set = slices.Delete(*set, at, at+1)
	return nil
}

func (c *call) oidcProviderAnswer(p *oidcProvider) answer {
	return answer{"OIDCProvider": c.oidcProviderView(p)}
}

func (c *call) oidcProviderView(p *oidcProvider) map[string]any {
	return map[string]any{
		"OIDCProviderName": p.Name, "Arn": oidcProviderARN(c.account.ID, p.Name), "IssuerUrl": p.IssuerURL,
		"ClientIds": strings.Join(p.ClientIDs, ","), "Fingerprints": strings.Join(p.Fingerprints, ","),
		"Description": p.Description, "IssuanceLimitTime": p.IssuanceLimit,
		"CreateDate": stamp(p.Created), "UpdateDate": stamp(p.Updated),
		"GmtCreate": milliseconds(p.Created), "GmtModified": milliseconds(p.Updated),
	}
}
