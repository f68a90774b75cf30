package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// An OIDCAssumeRoler performs STS AssumeRoleWithOIDC, which is not signed, at the STS
// base URL endpoint. The token goes into the form body, never into the URL.
type OIDCAssumeRoler func(ctx context.Context, endpoint string, in AssumeRoleWithOIDCInput) (rpc.Credentials, error)

// AssumeRoleWithOIDCInput is what STS is asked for. All but Policy have a value.
type AssumeRoleWithOIDCInput struct {
	OIDCProviderARN string
	RoleARN         string
	Token           rpc.Secret
	SessionName     string
	Policy          string
	Duration        time.Duration
}

// OIDCArguments is the provider argument assume_role_with_oidc.
type OIDCArguments struct {
	OIDCProviderARN string
	RoleARN         string
	// Exactly one of Token and TokenFile is set; the file is read at every refresh.
	Token           rpc.Secret
	TokenFile       string
	SessionName     string // default DefaultSessionName
	Policy          string
	DurationSeconds int64 // 0 means an hour
}

// Variables of OIDC; the first of each list is what RRSA injects into a pod of ACK.
var (
	oidcRoleVariables     = []string{"ALIBABA_CLOUD_ROLE_ARN", "ALIBABACLOUD_ROLE_ARN"}
	oidcProviderVariables = []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABACLOUD_OIDC_PROVIDER_ARN"}
	oidcFileVariables     = []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABACLOUD_OIDC_TOKEN_FILE"}
)

const oidcTokenVariable = "ALIBABA_CLOUD_OIDC_TOKEN"

// STS API AssumeRoleWithOIDC, OIDCToken: length in characters.
const minOIDCToken, maxOIDCToken = 4, 20000

var oidcProviderARNPattern = regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]+$`)

// ValidateOIDCProviderARN checks STS API AssumeRoleWithOIDC, OIDCProviderArn.
func ValidateOIDCProviderARN(arn string) error {
	if !oidcProviderARNPattern.MatchString(arn) {
		return fmt.Errorf("%q is no OIDC provider ARN, expected acs:ram::<account id>:oidc-provider/<name>", arn)
	}
	return nil
}

// oidcRole exchanges a token of an identity provider for sessions of a role.
type oidcRole struct {
	exchange OIDCAssumeRoler
	endpoint string
	input    AssumeRoleWithOIDCInput
	file     string // read at every exchange; empty with a literal token
	readFile func(string) ([]byte, error)
	clock    clock.Clock
}

// Credentials implements rpc.CredentialsProvider; each call is an exchange.
func (o oidcRole) Credentials(ctx context.Context) (rpc.Credentials, error) {
	input := o.input
	if o.file != "" {
		content, err := o.readFile(o.file)
		if err != nil {
			return rpc.Credentials{}, fmt.Errorf("OIDC token file: %w", err)
		}
		input.Token = rpc.NewSecret(strings.TrimSpace(string(content)))
	}
	if err := o.checkToken(input.Token.Reveal()); err != nil {
		return rpc.Credentials{}, err
	}
	c, err := o.exchange(ctx, o.endpoint, input)
	switch {
	case err != nil:
		return rpc.Credentials{}, fmt.Errorf("assume %s with OIDC: %w", input.RoleARN, err)
	case c.AccessKeyID == "" || c.AccessKeySecret.IsEmpty() || c.SecurityToken.IsEmpty() || c.Expiration.IsZero():
		return rpc.Credentials{}, fmt.Errorf("assume %s with OIDC: the answer of STS lacks a part of the credentials", input.RoleARN)
	}
	return c, nil
}

// checkToken finds what STS would refuse, with a text that helps more.
func (o oidcRole) checkToken(token string) error {
	if len(token) < minOIDCToken || len(token) > maxOIDCToken {
		return fmt.Errorf("the OIDC token has %d characters, expected %d to %d", len(token), minOIDCToken, maxOIDCToken)
	}
	end := jwtExpiration(token)
	if end.IsZero() || end.After(o.clock.Now()) {
		return nil
	}
	text := "the OIDC token expired at " + end.UTC().Format(time.RFC3339)
	if o.file == "" {
		text += "; a literal token cannot be renewed, use a token file that is kept fresh"
	}
	return errors.New(text)
}

// jwtExpiration reads the claim exp; zero if there is none that can be read.
func jwtExpiration(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Exp <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(claims.Exp), 0)
}

// oidcSettingNames differ between arguments, config.json and the environment.
type oidcSettingNames struct {
	roleSettingNames
	provider, token, tokenFile string
}

func (r *resolver) oidcSource(a OIDCArguments, names oidcSettingNames, hints Hints) (*Source, error) {
	if r.AssumeRoleWithOIDC == nil {
		return nil, errors.New("mode OIDC cannot be used: " + notInThisVersion)
	}
	if !a.Token.IsEmpty() && a.TokenFile != "" {
		return nil, fmt.Errorf("%s and %s are both set; set only one of them", names.token, names.tokenFile)
	}
	if err := missing(
		setting{names.provider, a.OIDCProviderARN},
		setting{names.roleARN, a.RoleARN},
		setting{names.token + " or " + names.tokenFile, a.Token.Reveal() + a.TokenFile},
	); err != nil {
		return nil, err
	}
	if err := ValidateOIDCProviderARN(a.OIDCProviderARN); err != nil {
		return nil, fmt.Errorf("%s: %w", names.provider, err)
	}
	role, err := RoleArguments{
		RoleARN: a.RoleARN, SessionName: a.SessionName, Policy: a.Policy, DurationSeconds: a.DurationSeconds,
	}.input(names.roleSettingNames)
	if err != nil {
		return nil, err
	}
	endpoint, err := r.stsEndpoint(hints)
	if err != nil {
		return nil, err
	}
	return &Source{
		Description: role.RoleARN + " assumed with OIDC by " + a.OIDCProviderARN,
		RoleARN:     role.RoleARN,
		Refreshes:   true,
		provider: Cached(oidcRole{
			exchange: r.AssumeRoleWithOIDC,
			endpoint: endpoint,
			input: AssumeRoleWithOIDCInput{
				OIDCProviderARN: a.OIDCProviderARN, RoleARN: role.RoleARN, SessionName: role.SessionName,
				Token:  rpc.NewSecret(strings.TrimSpace(a.Token.Reveal())),
				Policy: role.Policy, Duration: role.Duration,
			},
			file:     a.TokenFile,
			readFile: r.Machine.ReadFile,
			clock:    r.Machine.Clock,
		}, r.Machine.Clock),
	}, nil
}

// oidcProfile builds mode OIDC.
func oidcProfile(r *resolver, p profile) (*Source, error) {
	return r.oidcSource(OIDCArguments{
		OIDCProviderARN: p.OIDCProviderARN, RoleARN: p.RAMRoleARN, Token: p.OIDCToken, TokenFile: p.OIDCTokenFile,
		SessionName: p.RAMSessionName, Policy: p.Policy, DurationSeconds: p.ExpiredSeconds,
	}, oidcSettingNames{roleProfileNames, "oidc_provider_arn", "oidc_token", "oidc_token_file"}, p.hints())
}

// fromOIDCArguments builds the argument assume_role_with_oidc.
func (r *resolver) fromOIDCArguments() (*Source, error) {
	return r.oidcSource(*r.Arguments.AssumeRoleWithOIDC,
		oidcSettingNames{roleArgumentNames, "oidc_provider_arn", "token", "token_file"}, Hints{})
}

// fromEnvironmentOIDC uses OIDC if all its parts are in the environment.
func (r *resolver) fromEnvironmentOIDC() (*Source, string, error) {
	role, roleName := r.env.first(oidcRoleVariables...)
	provider, providerName := r.env.first(oidcProviderVariables...)
	file, fileName := r.env.first(oidcFileVariables...)
	token := r.env.get(oidcTokenVariable)
	if err := missing(
		setting{oidcRoleVariables[0], role},
		setting{oidcProviderVariables[0], provider},
		setting{oidcFileVariables[0], file + token},
	); err != nil {
		return nil, err.Error(), nil
	}
	names := oidcSettingNames{roleSettingNames{roleARN: roleName}, providerName, oidcTokenVariable, fileName}
	source, err := r.oidcSource(OIDCArguments{
		OIDCProviderARN: provider, RoleARN: role, Token: rpc.NewSecret(token), TokenFile: file,
	}, names, Hints{})
	if err != nil {
		return nil, "", fmt.Errorf("environment OIDC: %w", err)
	}
	return source, "role, provider and token are set", nil
}
