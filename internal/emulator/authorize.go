package emulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// authorize asks whether the caller may do an operation on each of its resources. It
// runs with the state locked and looks at the current state, not at a lagging one.
//
// The root of an account may do anything in it. Of a session, first the scope-down
// policy it was given must allow; then, as for a user, the policies attached to the
// identity. In either layer a Deny wins ("RAM: policy evaluation"). What nobody denies a
// user on itself, the security preferences of its account may allow.
func (e *Emulator) authorize(c *call, resources []string) *apiError {
	if c.caller.Kind == callerRoot || c.op.public {
		return nil
	}
	own := e.state.Accounts[c.caller.AccountID]
	identity := own.policiesOf(c.caller)
	for _, resource := range resources {
		request := policylang.Request{Action: c.op.action(), Resource: resource, Context: c.conditions}
		if c.caller.Policy != "" {
			session := mustParse(c.caller.Policy).Evaluate(request)
			if refused := c.denied(request, session, sessionLayer); refused != nil {
				return refused
			}
		}
		decision := policylang.Evaluate(identity, request)
		if decision == policylang.NoMatch && own.letsManageItself(c.caller, c.op, resource) {
			decision = policylang.Allow
		}
		if refused := c.denied(request, decision, identityLayer); refused != nil {
			return refused
		}
	}
	return nil
}

// policiesOf lists the documents that say what an identity may do: those attached to
// it, and to the groups of a user. A grant for a resource group does not count, since
// nothing the emulated services hold is in one (assumption "resource-group-grants").
func (a *account) policiesOf(who caller) []*policylang.Document {
	grants := a.attachmentsOf(principalRole, who.ID)
	if who.Kind == callerUser {
		grants = a.attachmentsOf(principalUser, who.ID)
		for _, g := range a.groupsOf(who.ID) {
			grants = append(grants, a.attachmentsOf(principalGroup, g.ID)...)
		}
	}
	var documents []*policylang.Document
	for _, at := range grants {
		if at.ResourceGroupID == "" {
			documents = append(documents, mustParse(a.policy(at.PolicyType, at.PolicyName).document()))
		}
	}
	return documents
}

// mustParse reads a stored document, which was checked when it was stored.
func mustParse(text string) *policylang.Document {
	document, err := policylang.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("emulator: stored document does not parse: %v", err))
	}
	return document
}

// conditionsOf are the values of the global condition keys ("RAM: policy elements").
func (e *Emulator) conditionsOf(r *http.Request, now time.Time) map[string][]string {
	return map[string][]string{
		"acs:CurrentTime":     {now.UTC().Format(time.RFC3339)},
		"acs:SecureTransport": {strconv.FormatBool(!e.config.InsecureTransport)},
		"acs:SourceIp":        {e.sourceAddress(r)},
		"acs:MFAPresent":      {"false"}, // of a console session; keys have none
	}
}

// The layers of a decision, as AccessDeniedDetail names them.
const (
	identityLayer = "AccountLevelIdentityBasedPolicy"
	sessionLayer  = "SessionPolicy"
	trustLayer    = "AssumeRolePolicy"
)

// denied is the refusal of a layer that does not allow a request, or nil.
func (c *call) denied(request policylang.Request, decision policylang.Decision, layer string) *apiError {
	if decision == policylang.Allow {
		return nil
	}
	detail := &accessDeniedDetail{
		PolicyType: layer, NoPermissionType: "ImplicitDeny", AuthAction: request.Action,
		AuthPrincipalOwnerID: c.caller.AccountID, AuthPrincipalType: "SubUser", AuthPrincipalDisplayName: c.caller.ID,
	}
	if c.caller.Kind == callerRole {
		detail.AuthPrincipalType, detail.AuthPrincipalDisplayName = "AssumedRoleUser", c.caller.Name+":"+c.caller.Session
	}
	if decision == policylang.Deny {
		detail.NoPermissionType = "ExplicitDeny"
	}
	detail.EncodedDiagnosticMessage = diagnose(detail, request)
	return errNoPermission("You are not authorized to do this action. You should be authorized by RAM.", detail)
}

// diagnose packs what a refusal was decided on. The service encrypts it; here it is
// base64 of the JSON, for whoever looks into a failed test.
func diagnose(detail *accessDeniedDetail, request policylang.Request) string {
	text, err := json.Marshal(map[string]any{
		"ExplicitDeny":           detail.NoPermissionType == "ExplicitDeny",
		"NoPermissionPolicyType": detail.PolicyType,
		"AuthAction":             request.Action,
		"AuthResource":           request.Resource,
		"AuthConditions":         request.Context,
	})
	if err != nil {
		panic(fmt.Sprintf("emulator: diagnosis does not encode: %v", err)) // only strings inside
	}
	return base64.StdEncoding.EncodeToString(text)
}
