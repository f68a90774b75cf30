package emulator

import (
	"regexp"
	"time"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func stsOperations() []*operation {
	return []*operation{
		define(sts, "AssumeRole", issueSTS, func(_ *call, in assumeRoleInput) string { return in.RoleARN }, assumeRole),
		withoutPermission(define(sts, "GetCallerIdentity", read, nil, getCallerIdentity)),
	}
}

type assumeRoleInput struct {
	RoleARN         string `param:"RoleArn,required"`
	RoleSessionName string `param:",required"`
	DurationSeconds *int
	Policy          *string
	ExternalID      *string `param:"ExternalId"`
	SourceIdentity  *string
}

var (
	roleARNFormat      = regexp.MustCompile(`^acs:ram::([0-9]{16}):role/([A-Za-z0-9.-]{1,64})$`)
	sessionNameFormat  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
	externalIDRule     = nameRule{2, 1224, regexp.MustCompile(`^[\w+=,.@:/-]*$`)}
	sourceIdentityRule = nameRule{2, 64, regexp.MustCompile(`^[\w+=,.@-]*$`)}
)

// check looks at the format of the parameters alone.
func (in assumeRoleInput) check() *apiError {
	switch {
	case !roleARNFormat.MatchString(in.RoleARN):
		return invalidParameter("RoleArn", "The parameter RoleArn is wrongly formed.")
	case !sessionNameFormat.MatchString(in.RoleSessionName):
		return invalidParameter("RoleSessionName", "The parameter RoleSessionName is wrongly formed.")
	case in.Policy == nil:
	case *in.Policy == "" || policylang.Size(*in.Policy) > maxSessionPolicySize:
		return invalidParameter("PolicySize", "The size of Policy must be between 1 and %d characters.", maxSessionPolicySize)
	default:
		if err := policylang.ValidateIdentity(*in.Policy); err != nil {
			return invalidParameter("PolicyGrammar", "The parameter Policy has not passed grammar check: %v.", err)
		}
	}
	return first(
		externalIDRule.checkOptional("ExternalId", in.ExternalID),
		sourceIdentityRule.checkOptional("SourceIdentity", in.SourceIdentity),
	)
}

// assumeRole gives out a session of a role, maybe of another account. The caller's own
// policies were asked by authorize; here the role's trust policy has to allow too.
func assumeRole(c *call, in assumeRoleInput) (answer, *apiError) {
	if refused := in.check(); refused != nil {
		return nil, refused
	}
	if c.caller.Kind == callerRoot {
		return nil, errNoPermission("Roles may not be assumed by root accounts.", nil)
	}
	owner, r := c.roleByARN(in.RoleARN)
	if r == nil {
		return nil, errNoRole(in.RoleARN)
	}
	if refused := c.trusted(r, in); refused != nil {
		return nil, refused
	}
	seconds := standardSession
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	if seconds < shortestSession || seconds > r.MaxSessionDuration {
		return nil, invalidParameter("DurationSeconds",
			"The value of DurationSeconds must be between %d and the role's maximum of %d.", shortestSession, r.MaxSessionDuration)
	}
	s := &session{
		AccountID: owner.ID, RoleID: r.ID, RoleName: r.Name, Name: in.RoleSessionName,
		KeyID: c.ids.temporaryKey(), Secret: c.ids.secret(), Token: c.ids.token(),
		Policy: valueOr(in.Policy, ""), SourceIdentity: valueOr(in.SourceIdentity, c.caller.SourceIdentity),
		Expires: c.now.Truncate(time.Second).Add(time.Duration(seconds) * time.Second),
	}
	c.state.Sessions[s.KeyID] = s
	out := answer{
		"Credentials": map[string]any{
			"AccessKeyId": s.KeyID, "AccessKeySecret": s.Secret, "SecurityToken": s.Token, "Expiration": stamp(s.Expires),
		},
		"AssumedRoleUser": map[string]any{
			"Arn": roleARN(owner.ID, r.Name) + "/" + s.Name, "AssumedRoleId": r.ID + ":" + s.Name,
		},
	}
	if s.SourceIdentity != "" {
		out["SourceIdentity"] = s.SourceIdentity
	}
	return out, nil
}

// roleByARN finds a role in any account.
func (c *call) roleByARN(arn string) (*account, *role) {
	parts := roleARNFormat.FindStringSubmatch(arn)
	if owner := c.state.Accounts[parts[1]]; owner != nil {
		return owner, owner.Roles[fold(parts[2])]
	}
	return nil, nil
}

// trusted asks the trust policy of the role about the caller.
func (c *call) trusted(r *role, in assumeRoleInput) *apiError {
	request := policylang.Request{
		Action: c.op.action(), Resource: in.RoleARN, Context: map[string][]string{},
		Principal: policylang.Principal{
			AccountID: c.caller.AccountID, Type: policylang.PrincipalType(c.caller.Kind), Name: c.caller.Name,
		},
	}
	for key, values := range c.conditions {
		request.Context[key] = values
	}
	if in.ExternalID != nil {
		request.Context["sts:ExternalId"] = []string{*in.ExternalID}
	}
	return c.denied(request, mustParse(r.TrustPolicy).Evaluate(request), trustLayer)
}

func getCallerIdentity(c *call, _ none) (answer, *apiError) {
	who := c.caller
	out := answer{"AccountId": who.AccountID, "Arn": who.arn(), "PrincipalId": who.ID}
	switch who.Kind {
	case callerRoot:
		out["IdentityType"], out["UserId"] = "Account", who.ID
	case callerUser:
		out["IdentityType"], out["UserId"] = "RAMUser", who.ID
	case callerRole:
		out["IdentityType"], out["RoleId"] = "AssumedRoleUser", who.ID
		out["PrincipalId"] = who.ID + ":" + who.Session
	}
	return out, nil
}
