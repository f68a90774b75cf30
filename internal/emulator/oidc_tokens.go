package emulator

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

type assumeRoleWithOIDCInput struct {
	roleRequest
	OIDCProviderARN string `param:"OIDCProviderArn,required"`
	OIDCToken       string `param:",required,secret"`
}

var (
	oidcProviderARNFormat = regexp.MustCompile(`^acs:ram::([0-9]{16}):oidc-provider/([A-Za-z0-9._-]{1,128})$`)
	oidcTokenRule         = nameRule{4, 20000, nil}
	// tokenAlgorithms are accepted in tokens. Symmetric ones and none are not.
	tokenAlgorithms = []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512,
	}
)

// assumeRoleWithOIDC gives out a session of a role for a token of an issuer. Nobody
// signs the call: token and trust policy decide alone.
func assumeRoleWithOIDC(c *call, in assumeRoleWithOIDCInput) (answer, *apiError) {
	parts := oidcProviderARNFormat.FindStringSubmatch(in.OIDCProviderARN)
	if parts == nil {
		return nil, invalidParameter("OIDCProviderArn", "The parameter OIDCProviderArn is wrongly formed.")
	}
	if refused := first(in.check(), oidcTokenRule.check("OIDCToken", in.OIDCToken)); refused != nil {
		return nil, refused
	}
	var provider *oidcProvider
	if owner := c.state.Accounts[parts[1]]; owner != nil {
		provider = owner.OIDCProviders[fold(parts[2])]
	}
	if provider == nil {
		return nil, errFederationDenied("No such OIDC Provider registered.")
	}
	owner, r := c.roleByARN(in.RoleARN)
	if r == nil {
		return nil, errNoRole(in.RoleARN)
	}
	claims, refused := c.readToken(provider, in.OIDCToken)
	if refused != nil {
		return nil, refused
	}
	if !c.trusts(r, in.RoleARN, policylang.Principal{
		AccountID: parts[1], Type: policylang.PrincipalFederated, Name: oidcProviderARN(parts[1], provider.Name),
	}, map[string][]string{
		"oidc:iss": {claims.Issuer}, "oidc:sub": {claims.Subject}, "oidc:aud": claims.Audience,
	}) {
		return nil, errFederationDenied("There is no permission")
	}
	seconds, refused := in.seconds(r)
	if refused != nil {
		return nil, refused
	}
	out := c.openSession(in.session(owner, r), seconds).assumed()
	out["OIDCTokenInfo"] = map[string]any{
		"Issuer": claims.Issuer, "Subject": claims.Subject, "ClientIds": strings.Join(claims.Audience, ","),
		"ExpirationTime": stamp(claims.Expiry.Time()), "IssuanceTime": stamp(claims.IssuedAt.Time()),
		"VerificationInfo": "Success",
	}
	return out, nil
}

// readToken verifies a token the way the service does: signature by the issuer's key
// set, issuer, audience and times, without leeway (assumption "oidc-leeway").
func (c *call) readToken(p *oidcProvider, text string) (*jwt.Claims, *apiError) {
	// The parser would overlook white space; whether the service does is not known
	// (assumption "oidc-token-newline").
	if strings.Count(text, ".") != 2 || strings.ContainsAny(text, " \t\r\n") {
		return nil, errToken("Invalid", "The number of Jwt field should be divided into 3 parts with '.' .")
	}
	token, err := jwt.ParseSigned(text, tokenAlgorithms)
	if err != nil {
		return nil, errToken("Invalid", "The Jwt content is invalid that cannot be recognized.")
	}
	var claims jwt.Claims
	err = token.Claims(c.issuers.keySet(p.IssuerURL), &claims)
	if errors.Is(err, jose.ErrCryptoFailure) || errors.Is(err, jose.ErrJWKSKidNotFound) {
		return nil, errToken("InvalidSignature", "OIDC token validate failed: invalid signature.")
	}
	if err != nil {
		return nil, errToken("Invalid", "The Jwt content is invalid that cannot be recognized.")
	}
	if refused := c.checkClaims(p, &claims); refused != nil {
		return nil, refused
	}
	return &claims, nil
}

func (c *call) checkClaims(p *oidcProvider, claims *jwt.Claims) *apiError {
	known := func(client string) bool { return slices.Contains(p.ClientIDs, client) }
	switch {
	case claims.Issuer != p.IssuerURL:
		return errToken("Invalid", fmt.Sprintf("The issuer of the token is not %s.", p.IssuerURL))
	case !slices.ContainsFunc(claims.Audience, known):
		return errToken("AudienceNotMatch", "Invalid audience.")
	case claims.Subject == "" || claims.Expiry == nil || claims.IssuedAt == nil:
		return errToken("Invalid", "The token lacks one of the claims sub, exp and iat.")
	case !c.now.Before(claims.Expiry.Time()):
		return errToken("Expired", "This JsonWebToken is expired.")
	case claims.NotBefore != nil && c.now.Before(claims.NotBefore.Time()), c.now.Before(claims.IssuedAt.Time()):
		return errToken("Invalid", "The token is not valid yet.")
	case c.now.Sub(claims.IssuedAt.Time()) > time.Duration(p.IssuanceLimit)*time.Hour:
		return errToken("Invalid", fmt.Sprintf("The token was issued more than %d hours ago.", p.IssuanceLimit))
	default:
		return nil
	}
}
