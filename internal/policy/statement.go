package policy

// Effect is what a statement does to a request that it matches.
type Effect string

// The two effects.
const (
	EffectAllow Effect = "Allow"
	EffectDeny  Effect = "Deny"
)

// A Statement is one statement of a document, for looking at and for Build.
type Statement struct {
	// SID names a statement so that another document can override it. It is this
	// project's; the language of RAM knows no such element.
	SID string
	// Effect is Allow if empty.
	Effect Effect
	// Actions or NotActions, not both, are service:Operation or *.
	Actions, NotActions []string
	// Resources or NotResources, not both, are ARNs or *. A trust policy has none.
	Resources, NotResources []string
	// Principals, of a trust policy only, are lists by kind: RAM, Service, Federated.
	Principals map[string][]string
	// Conditions must all hold.
	Conditions []Condition
}

// A Condition holds if the request's value of Key compares by Operator with one of
// Values; a negated operator, if with none of them.
type Condition struct {
	Operator string
	Key      string
	Values   []string
}

// Statements returns the document's statements, in their order.
func (d *Document) Statements() []Statement {
	statements := make([]Statement, len(d.statements))
	for i, s := range d.statements {
		statements[i] = s.export()
	}
	return statements
}

func (s statement) export() Statement {
	out := Statement{SID: s.sid.text, Effect: s.effect}
	if s.action.negated {
		out.NotActions = texts(s.action.values)
	} else {
		out.Actions = texts(s.action.values)
	}
	if s.resource.negated {
		out.NotResources = texts(s.resource.values)
	} else {
		out.Resources = texts(s.resource.values)
	}
	if s.trusting {
		out.Principals = map[string][]string{}
	}
	for _, list := range s.principals {
		out.Principals[list.kind] = texts(list.values)
	}
	for _, c := range s.conditions {
		out.Conditions = append(out.Conditions, Condition{c.operator, c.key, texts(c.values)})
	}
	return out
}

func texts(values []value) []string {
	if values == nil {
		return nil
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.text
	}
	return out
}
