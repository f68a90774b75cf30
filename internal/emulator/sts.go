package emulator

import (
	"maps"
	"regexp"
	"time"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// assumeRoleAction is what a trust policy allows, whichever operation assumes the role.
const assumeRoleAction = "sts:AssumeRole"

func stsOperations() []*operation {
	return []*operation{
		define(sts, "AssumeRole", issueSTS, func(_ *call, in assumeRoleInput) string { return in.RoleARN }, assumeRole),
		withoutSignature(define(sts, "AssumeRoleWithOIDC", issueSTS, nil, assumeRoleWithOIDC)),
		withoutPermission(define(sts, "GetCallerIdentity", read, nil, getCallerIdentity)),
	}
}

// roleRequest is what every way of assuming a role asks for.
type roleRequest struct {
	RoleARN         string `param:"RoleArn,required"`
	RoleSessionName string `param:",required"`
	DurationSeconds *int
	Policy          *string
}

type assumeRoleInput struct {
	roleRequest
	ExternalID     *string `param:"ExternalId"`
	SourceIdentity *string
}

var (
	roleARNFormat      = regexp.MustCompile(`^acs:ram::([0-9]{16}):role/([A-Za-z0-9.-]{1,64})$`)
	sessionNameFormat  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
	externalIDRule     = nameRule{2, 1224, regexp.MustCompile(`^[\w+=,.@:/-]*$`)}
	sourceIdentityRule = nameRule{2, 64, regexp.MustCompile(`^[\w+=,.@-]*$`)}
)

// check looks at the format of the parameters alone.
func (in roleRequest) check() *apiError {
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
	return nil
}

// seconds is how long the session of a role is to last.
func (in roleRequest) seconds(r *role) (int, *apiError) {
	seconds := standardSession
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	if seconds < shortestSession || seconds > r.MaxSessionDuration {
		return 0, invalidParameter("DurationSeconds",
			"The value of DurationSeconds must be between %d and the role's maximum of %d.", shortestSession, r.MaxSessionDuration)
	}
	return seconds, nil
}

// session is whom the request is to act as.
func (in roleRequest) session(owner *account, r *role) caller {
	who := roleCaller(owner, r, in.RoleSessionName)
	who.Policy = valueOr(in.Policy, "")
	return who
}

// roleCaller acts as a role.
func roleCaller(owner *account, r *role, sessionName string) caller {
	return caller{AccountID: owner.ID, Kind: callerRole, ID: r.ID, Name: r.Name, Session: sessionName}
}

// assumeRole gives out a session of a role, maybe of another account. The caller's own
// policies were asked by authorize; here the role's trust policy has to allow too.
func assumeRole(c *call, in assumeRoleInput) (answer, *apiError) {
	if refused := first(
		in.check(),
		externalIDRule.checkOptional("ExternalId", in.ExternalID),
		sourceIdentityRule.checkOptional("SourceIdentity", in.SourceIdentity),
	); refused != nil {
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
	seconds, refused := in.seconds(r)
	if refused != nil {
		return nil, refused
	}
	who := in.session(owner, r)
	who.SourceIdentity = valueOr(in.SourceIdentity, c.caller.SourceIdentity)
	return c.openSession(who, seconds).assumed(), nil
}

// openSession gives out a temporary key that acts as somebody.
func (c *call) openSession(as caller, seconds int) *session {
	as.KeyID = c.ids.temporaryKey()
	s := &session{
		Caller: as, Secret: c.ids.secret(), Token: c.ids.token(),
		Expires: c.sessionEnd(seconds),
	}
	c.state.Sessions[as.KeyID] = s
	return s
}

// sessionEnd is when a session ends that begins now.
func (c *call) sessionEnd(seconds int) time.Time {
	return c.now.Truncate(time.Second).Add(time.Duration(seconds) * time.Second)
}

// credentials is the key of a session as STS and most others show it.
func (s *session) credentials() map[string]any {
	return map[string]any{
		"AccessKeyId": s.Caller.KeyID, "AccessKeySecret": s.Secret, "SecurityToken": s.Token, "Expiration": stamp(s.Expires),
	}
}

// assumed is the answer of the operations that assume a role.
func (s *session) assumed() answer {
	as := s.Caller
	out := answer{
		"Credentials": s.credentials(),
		"AssumedRoleUser": map[string]any{
			"Arn": roleARN(as.AccountID, as.Name) + "/" + as.Session, "AssumedRoleId": as.ID + ":" + as.Session,
		},
	}
	if as.SourceIdentity != "" {
		out["SourceIdentity"] = as.SourceIdentity
	}
	return out
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
	conditions := map[string][]string{}
	if in.ExternalID != nil {
		conditions["sts:ExternalId"] = []string{*in.ExternalID}
	}
	request := c.trustRequest(in.RoleARN, policylang.Principal{
		AccountID: c.caller.AccountID, Type: policylang.PrincipalType(c.caller.Kind), Name: c.caller.Name,
	}, conditions)
	return c.denied(request, mustParse(r.TrustPolicy).Evaluate(request), trustLayer)
}

// trusts asks the trust policy of a role about somebody who is no identity of RAM.
func (c *call) trusts(r *role, roleARN string, who policylang.Principal, conditions map[string][]string) bool {
	return mustParse(r.TrustPolicy).Evaluate(c.trustRequest(roleARN, who, conditions)) == policylang.Allow
}

// trustRequest is what a trust policy is asked.
func (c *call) trustRequest(roleARN string, who policylang.Principal, conditions map[string][]string) policylang.Request {
	values := maps.Clone(c.conditions)
	maps.Copy(values, conditions)
	return policylang.Request{Action: assumeRoleAction, Resource: roleARN, Principal: who, Context: values}
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
