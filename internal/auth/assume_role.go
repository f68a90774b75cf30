package auth

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// An AssumeRoler performs STS AssumeRole, signed by base, at the STS base URL endpoint.
// It retries what is worth retrying and stops with ctx.
type AssumeRoler func(ctx context.Context, base rpc.CredentialsProvider, endpoint string, in AssumeRoleInput) (rpc.Credentials, error)

// AssumeRoleInput is what STS is asked for. All but ExternalID and Policy have a value.
type AssumeRoleInput struct {
	RoleARN     string
	SessionName string
	ExternalID  string
	// Policy narrows the session to what this document allows too.
	Policy   string
	Duration time.Duration
}

// RoleArguments is one element of the provider argument assume_role.
type RoleArguments struct {
	RoleARN     string
	SessionName string // default DefaultSessionName
	ExternalID  string
	Policy      string
	// DurationSeconds is the length of a session; 0 means an hour.
	DurationSeconds int64
}

// DefaultSessionName shows in ActionTrail as the one who acted.
const DefaultSessionName = "terraform"

const (
	minSessionSeconds     = 900
	maxSessionSeconds     = 43200
	defaultSessionSeconds = 3600
	maxSessionPolicy      = 2048 // characters; smaller than a policy's own limit
)

var (
	roleNamePattern    = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)
	roleARNPattern     = regexp.MustCompile(`^acs:ram::[0-9]+:role/[A-Za-z0-9._@-]{1,64}$`)
	sessionNamePattern = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
	externalIDPattern  = regexp.MustCompile(`^[\w+=,.@:/-]+$`)
)

// ValidateRoleARN checks the shape of a RAM role's ARN (STS API: AssumeRole, RoleArn).
func ValidateRoleARN(arn string) error {
	if !roleARNPattern.MatchString(arn) {
		return fmt.Errorf("%q is no role ARN, expected acs:ram::<account id>:role/<role name>", arn)
	}
	return nil
}

// ValidateSessionName checks STS API AssumeRole, RoleSessionName.
func ValidateSessionName(name string) error {
	if !sessionNamePattern.MatchString(name) {
		return fmt.Errorf("%q is no role session name, expected 2 to 64 letters, digits or . @ - _", name)
	}
	return nil
}

// ValidateSessionDuration checks STS API AssumeRole, DurationSeconds. Each role has a
// lower maximum of its own, which only the service knows.
func ValidateSessionDuration(seconds int64) error {
	if seconds < minSessionSeconds || seconds > maxSessionSeconds {
		return fmt.Errorf("a session of %d seconds is not possible, expected %d to %d", seconds, minSessionSeconds, maxSessionSeconds)
	}
	return nil
}

// ValidateExternalID checks STS API AssumeRole, ExternalId. The error does not repeat it.
func ValidateExternalID(id string) error {
	if n := len(id); n < 2 || n > 1224 || !externalIDPattern.MatchString(id) {
		return errors.New("the external id must have 2 to 1224 letters, digits or _ + = , . @ : / -")
	}
	return nil
}

// ValidateSessionPolicy checks the size of STS API AssumeRole, Policy, in characters.
func ValidateSessionPolicy(document string) error {
	if n := utf8.RuneCountInString(document); n < 1 || n > maxSessionPolicy {
		return fmt.Errorf("the session policy has %d characters, expected 1 to %d", n, maxSessionPolicy)
	}
	return nil
}

// input validates the arguments and fills in the defaults. names are those of the
// caller's settings, so that an error points at what the person wrote.
func (a RoleArguments) input(names roleSettingNames) (AssumeRoleInput, error) {
	if err := missing(setting{names.roleARN, a.RoleARN}); err != nil {
		return AssumeRoleInput{}, err
	}
	if a.SessionName == "" {
		a.SessionName = DefaultSessionName
	}
	if a.DurationSeconds == 0 {
		a.DurationSeconds = defaultSessionSeconds
	}
	checks := []struct {
		name string
		err  error
	}{
		{names.roleARN, ValidateRoleARN(a.RoleARN)},
		{names.sessionName, ValidateSessionName(a.SessionName)},
		{names.duration, ValidateSessionDuration(a.DurationSeconds)},
	}
	for _, check := range checks {
		if check.err != nil {
			return AssumeRoleInput{}, fmt.Errorf("%s: %w", check.name, check.err)
		}
	}
	if a.ExternalID != "" {
		if err := ValidateExternalID(a.ExternalID); err != nil {
			return AssumeRoleInput{}, fmt.Errorf("external_id: %w", err)
		}
	}
	if a.Policy != "" {
		if err := ValidateSessionPolicy(a.Policy); err != nil {
			return AssumeRoleInput{}, fmt.Errorf("policy: %w", err)
		}
	}
	return AssumeRoleInput{
		RoleARN: a.RoleARN, SessionName: a.SessionName, ExternalID: a.ExternalID, Policy: a.Policy,
		Duration: time.Duration(a.DurationSeconds) * time.Second,
	}, nil
}

// roleSettingNames differ between the provider's arguments and config.json.
type roleSettingNames struct{ roleARN, sessionName, duration string }

var (
	roleArgumentNames = roleSettingNames{"role_arn", "role_session_name", "duration_seconds"}
	roleProfileNames  = roleSettingNames{"ram_role_arn", "ram_session_name", "expired_seconds"}
)

// assumedRole gives sessions of a role.
type assumedRole struct {
	exchange AssumeRoler
	base     rpc.CredentialsProvider
	endpoint string
	input    AssumeRoleInput
}

// Credentials implements rpc.CredentialsProvider; each call is an exchange.
func (a assumedRole) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := a.exchange(ctx, a.base, a.endpoint, a.input)
	switch {
	case err != nil && a.input.Duration > defaultSessionSeconds*time.Second:
		return rpc.Credentials{}, fmt.Errorf("assume %s for %s (the role's MaxSessionDuration is the limit): %w", a.input.RoleARN, a.input.Duration, err)
	case err != nil:
		return rpc.Credentials{}, fmt.Errorf("assume %s: %w", a.input.RoleARN, err)
	case c.AccessKeyID == "" || c.AccessKeySecret.IsEmpty() || c.SecurityToken.IsEmpty() || c.Expiration.IsZero():
		return rpc.Credentials{}, fmt.Errorf("assume %s: the answer of STS lacks a part of the credentials", a.input.RoleARN)
	}
	return c, nil
}

// assumeRole puts a role on top of base.
func (r *resolver) assumeRole(base *Source, input AssumeRoleInput, hints Hints) (*Source, error) {
	endpoint, err := r.stsEndpoint(hints)
	if err != nil {
		return nil, err
	}
	source := *base
	source.Base = base
	source.RoleARN = input.RoleARN
	source.Refreshes = true
	source.Description = input.RoleARN + " assumed by " + base.Description
	source.provider = Cached(assumedRole{r.AssumeRole, base, endpoint, input}, r.Machine.Clock)
	return &source, nil
}

// assumeRoleArgument builds one element of the provider argument assume_role.
func (r *resolver) assumeRoleArgument(base *Source, role RoleArguments) (*Source, error) {
	input, err := role.input(roleArgumentNames)
	if err != nil {
		return nil, err
	}
	return r.assumeRole(base, input, base.Hints)
}

// roleProfile builds mode RamRoleArn: the profile's own key or session assumes the role.
func roleProfile(r *resolver, p profile) (*Source, error) {
	base, err := staticProfile(p, p.STSToken.Reveal())
	if err != nil {
		return nil, err
	}
	return r.roleOfProfile(base, p)
}

// roleOfProfile puts the role that p names on top of base.
func (r *resolver) roleOfProfile(base *Source, p profile) (*Source, error) {
	input, err := RoleArguments{
		RoleARN: p.RAMRoleARN, SessionName: p.RAMSessionName, ExternalID: p.ExternalID,
		Policy: p.Policy, DurationSeconds: p.ExpiredSeconds,
	}.input(roleProfileNames)
	if err != nil {
		return nil, err
	}
	return r.assumeRole(base, input, p.hints())
}
