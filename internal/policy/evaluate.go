package policy

import "slices"

// A Request is what somebody wants to do.
type Request struct {
	// Action is service:Operation, such as ram:CreateUser; its case does not matter.
	Action string
	// Resource is the ARN of the object, or * for an action that has none. In a region
	// segment, empty and * are the same. Trust policies do not look at it.
	Resource string
	// Principal is who asks. Only trust policies look at it.
	Principal Principal
	// Context holds the values of condition keys, such as acs:SourceIp, acs:CurrentTime
	// (RFC 3339) or sts:ExternalId. Keys are case-sensitive. A key with several values
	// stands for a set; one with none is as good as missing.
	Context map[string][]string
}

// Decision is what policies say about a request.
type Decision int

// The decisions, from weak to strong.
const (
	// NoMatch: nothing speaks for or against; whoever asks treats it as a refusal.
	NoMatch Decision = iota
	// Allow: a statement allows, and none denies.
	Allow
	// Deny: a statement denies, whatever the others allow.
	Deny
)

// String implements fmt.Stringer.
func (d Decision) String() string {
	return [...]string{"no match", "allow", "deny"}[d]
}

// Evaluate decides by a set of documents: one that denies wins, then one that allows
// (RAM: policy evaluation). The layers of the service (session policy, trust policy,
// identity policies) are separate sets, each with a decision of its own.
func Evaluate(docs []*Document, request Request) Decision {
	decision := NoMatch
	for _, doc := range docs {
		decision = max(decision, doc.Evaluate(request))
	}
	return decision
}

// Evaluate decides by one document.
func (d *Document) Evaluate(request Request) Decision {
	resource := splitARN(request.Resource)
	action := fold(request.Action)
	decision := NoMatch
	for i := range d.statements {
		switch s := &d.statements[i]; {
		case !s.matches(action, resource, request):
		case s.effect == EffectDeny:
			return Deny
		default:
			decision = Allow
		}
	}
	return decision
}

// matches says whether a statement speaks of a request. Elements and operators which are
// not part of the known language may narrow the statement in ways that cannot be judged
// here: such a statement grants nothing, and denies as if they were not there.
func (s *statement) matches(action string, resource arn, request Request) bool {
	if s.effect == EffectAllow && len(s.unknown) > 0 {
		return false
	}
	return s.matchesAction(action) &&
		s.matchesResource(resource) &&
		s.matchesPrincipal(request.Principal) &&
		!slices.ContainsFunc(s.conditions, func(c condition) bool {
			return !c.holds(request.Context, s.effect)
		})
}

func (s *statement) matchesAction(action string) bool {
	listed := slices.ContainsFunc(s.action.values, func(v value) bool { return glob(fold(v.text), action) })
	return listed != s.action.negated
}

// matchesResource is true for a statement without the element: a trust policy is attached
// to its resource, the role.
func (s *statement) matchesResource(resource arn) bool {
	if s.resource.name == "" {
		return true
	}
	listed := slices.ContainsFunc(s.resource.values, func(v value) bool { return resource.matches(v.text) })
	return listed != s.resource.negated
}

// matchesPrincipal is true for a statement without the element: a permission policy is
// attached to its principal.
func (s *statement) matchesPrincipal(p Principal) bool {
	return !s.trusting || slices.ContainsFunc(s.principals, func(list principalList) bool {
		return slices.ContainsFunc(list.values, func(v value) bool { return p.matches(list.kind, v.text) })
	})
}
