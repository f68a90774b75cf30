package ramclient

import (
	"cmp"
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// AssumeRoleInput is the input of AssumeRole.
type AssumeRoleInput struct {
	RoleARN string `param:"RoleArn,required"`
	// RoleSessionName has 2 to 64 of letters, digits, ".", "@", "_", "-".
	RoleSessionName string `param:"RoleSessionName,required"`
	// DurationSeconds is 900 to the role's maximum; left out it is 3600.
	DurationSeconds int `param:"DurationSeconds"`
	// Policy narrows the session down; at most 2,048 characters.
	Policy string `param:"Policy,body"`
	// ExternalID has 2 to 1,224 characters.
	ExternalID string `param:"ExternalId,body"`
}

// RoleSession is an assumed role.
type RoleSession struct {
	Credentials     RoleSessionCredentials
	AssumedRoleUser AssumedRoleUser
}

// RoleSessionCredentials sign as the assumed role until they expire.
type RoleSessionCredentials struct {
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret rpc.Secret
	SecurityToken   rpc.Secret
	Expiration      Time
}

// AssumedRoleUser is who one is in the session.
type AssumedRoleUser struct {
	ARN string `json:"Arn"`
	// AssumedRoleID is "<role id>:<session name>".
	AssumedRoleID string `json:"AssumedRoleId"`
}

// Check implements rpc.Checker.
func (s *RoleSession) Check() error {
	return cmp.Or(
		missing("Credentials.AccessKeyId", s.Credentials.AccessKeyID),
		missing("Credentials.AccessKeySecret", s.Credentials.AccessKeySecret.Reveal()),
		missing("Credentials.SecurityToken", s.Credentials.SecurityToken.Reveal()))
}

// AssumeRole opens a session of a role (STS 2015-04-01: AssumeRole). Errors:
// EntityNotExist.Role, NoPermission (by the caller's policies or the role's trust
// policy), InvalidParameter.{RoleArn,RoleSessionName,DurationSeconds,PolicyGrammar,PolicySize}.
func (c *Client) AssumeRole(ctx context.Context, in AssumeRoleInput) (RoleSession, error) {
	var out RoleSession
	err := c.do(ctx, OpAssumeRole, in, &out)
	return out, err
}

// AssumeRoleWithOIDCInput is the input of AssumeRoleWithOIDC.
type AssumeRoleWithOIDCInput struct {
	OIDCProviderARN string `param:"OIDCProviderArn,required"`
	RoleARN         string `param:"RoleArn,required"`
	// OIDCToken is the token as its issuer made it, 4 to 20,000 characters.
	OIDCToken rpc.Secret `param:"OIDCToken,required"`
	// RoleSessionName has 2 to 64 of letters, digits, ".", "@", "_", "-".
	RoleSessionName string `param:"RoleSessionName,required"`
	// DurationSeconds is 900 to the role's maximum; left out it is 3600.
	DurationSeconds int `param:"DurationSeconds"`
	// Policy narrows the session down; at most 2,048 characters.
	Policy string `param:"Policy,body"`
}

// AssumeRoleWithOIDC opens a session of a role for the bearer of an OIDC token (STS
// 2015-04-01: AssumeRoleWithOIDC). It is not signed, so Config.Credentials may be nil.
// Errors: AuthenticationFail.*, EntityNotExist.*, InvalidParameter.*.
func (c *Client) AssumeRoleWithOIDC(ctx context.Context, in AssumeRoleWithOIDCInput) (RoleSession, error) {
	var out RoleSession
	err := c.do(ctx, OpAssumeRoleWithOIDC, in, &out)
	return out, err
}

// IdentityType is the kind of a caller.
type IdentityType string

// The kinds of callers.
const (
	IdentityAccount     IdentityType = "Account"
	IdentityRAMUser     IdentityType = "RAMUser"
	IdentityAssumedRole IdentityType = "AssumedRoleUser"
)

// CallerIdentity is who the credentials belong to.
type CallerIdentity struct {
	AccountID    string `json:"AccountId"`
	ARN          string `json:"Arn"`
	IdentityType IdentityType
	PrincipalID  string `json:"PrincipalId"`
	// UserID is empty for a role; for the account itself it is the account id.
	UserID string `json:"UserId"`
	// RoleID is empty except for a role.
	RoleID string `json:"RoleId"`
}

// Check implements rpc.Checker.
func (i *CallerIdentity) Check() error {
	return cmp.Or(missing("AccountId", i.AccountID), missing("Arn", i.ARN))
}

// GetCallerIdentity tells who the caller is; it needs no permission (STS 2015-04-01:
// GetCallerIdentity).
func (c *Client) GetCallerIdentity(ctx context.Context) (CallerIdentity, error) {
	var out CallerIdentity
	err := c.do(ctx, OpGetCallerIdentity, nil, &out)
	return out, err
}
