package policy

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical gives the one spelling of all documents with the same meaning: no white
// space, keys in a fixed order, a single value without its list, lists and statements
// sorted and without repetition (their order and number mean nothing), numbers and
// booleans in quotes, and the parts whose case RAM ignores in lower case: actions, service
// principals, and the role name of a principal. It is for comparing, not for sending.
//
// What is not known to be equal stays different, so a comparison errs towards showing a
// change: the case of Resource values, `acs:ram::…` against `acs:ram:*:…`, a value
// which a wildcard beside it covers already. Elements unknown to the language are kept.
//
// The error is that of Parse.
func Canonical(text string) (string, error) {
	doc, err := Parse(text)
	if err != nil {
		return "", err
	}
	return doc.render(canonical), nil
}

// Equal compares two documents by meaning. Where one of them is no policy, only equal
// texts are equal.
func Equal(a, b string) bool {
	if a == b {
		return true
	}
	canonicalA, errA := Canonical(a)
	canonicalB, errB := Canonical(b)
	return errA == nil && errB == nil && canonicalA == canonicalB
}

// A spelling is how a document is written out.
type spelling int

const (
	// asWritten keeps case and order.
	asWritten spelling = iota
	// canonical sorts, and folds what ignores case.
	canonical
)

func (d *Document) render(how spelling) string {
	statements := make([]string, len(d.statements))
	for i, s := range d.statements {
		statements[i] = s.render(how)
	}
	if how == canonical {
		slices.Sort(statements)
		statements = slices.Compact(statements)
	}
	var o objectWriter
	if d.hasVersion {
		o.add("Version", jsonString(d.version.text))
	}
	o.add("Statement", "["+strings.Join(statements, ",")+"]")
	o.addUnknown(d.unknown)
	return o.String()
}

func (s statement) render(how spelling) string {
	var o objectWriter
	if s.hasSID {
		o.add("Sid", jsonString(s.sid.text))
	}
	o.add("Effect", jsonString(string(s.effect)))
	if s.trusting {
		o.add("Principal", renderPrincipals(s.principals, how))
	}
	o.add(s.action.name, renderValues(s.action.values, how, fold))
	if s.resource.name != "" {
		o.add(s.resource.name, renderValues(s.resource.values, how, unchanged))
	}
	if len(s.conditions) > 0 {
		o.add("Condition", renderConditions(s.conditions, how))
	}
	o.addUnknown(s.unknown)
	return o.String()
}

func renderPrincipals(lists []principalList, how spelling) string {
	if how == canonical {
		lists = slices.SortedFunc(slices.Values(lists), func(a, b principalList) int { return strings.Compare(a.kind, b.kind) })
	}
	var o objectWriter
	for _, list := range lists {
		o.add(list.kind, renderValues(list.values, how, func(s string) string { return foldPrincipal(list.kind, s) }))
	}
	return o.String()
}

// foldPrincipal lowers what ignores case. Accounts are often reported to get the role
// name of an ARN back in lower case, so a difference there is none.
func foldPrincipal(kind, principal string) string {
	a := splitARN(principal)
	switch {
	case kind == "Service":
		return fold(principal)
	case kind == "RAM" && a.ok && a.service == "ram" && strings.HasPrefix(a.relative, "role/"):
		return strings.TrimSuffix(principal, a.relative) + fold(a.relative)
	default:
		return principal
	}
}

// renderConditions nests the flat list again, by operator and key.
func renderConditions(conditions []condition, how spelling) string {
	if how == canonical {
		conditions = slices.SortedFunc(slices.Values(conditions), compareConditions)
	}
	var operators objectWriter
	for len(conditions) > 0 {
		operator := conditions[0].operator
		var keys objectWriter
		for len(conditions) > 0 && conditions[0].operator == operator {
			keys.add(conditions[0].key, renderValues(conditions[0].values, how, unchanged))
			conditions = conditions[1:]
		}
		operators.add(operator, keys.String())
	}
	return operators.String()
}

func compareConditions(a, b condition) int {
	return cmp.Or(strings.Compare(a.operator, b.operator), strings.Compare(a.key, b.key))
}

func unchanged(s string) string { return s }

func renderValues(values []value, how spelling, folded func(string) string) string {
	var items []string
	seen := map[string]bool{}
	for _, v := range values {
		text := v.text
		if how == canonical {
			text = folded(text)
		}
		if !seen[text] {
			seen[text] = true
			items = append(items, jsonString(text))
		}
	}
	if how == canonical {
		slices.Sort(items)
	}
	if len(items) == 1 {
		return items[0]
	}
	return "[" + strings.Join(items, ",") + "]"
}

// An objectWriter writes the members of a JSON object.
type objectWriter struct{ members strings.Builder }

func (o *objectWriter) add(key, json string) {
	if o.members.Len() > 0 {
		o.members.WriteByte(',')
	}
	o.members.WriteString(jsonString(key) + ":" + json)
}

func (o *objectWriter) addUnknown(members []member) {
	for _, m := range sortedMembers(members) {
		o.add(m.key, m.value.render())
	}
}

func (o *objectWriter) String() string { return "{" + o.members.String() + "}" }

// render writes a value of unknown meaning: only white space, escapes and the order of
// keys are taken to mean nothing.
func (n node) render() string {
	switch n.kind {
	case objectKind:
		var o objectWriter
		o.addUnknown(n.members)
		return o.String()
	case listKind:
		items := make([]string, len(n.elements))
		for i, element := range n.elements {
			items[i] = element.render()
		}
		return "[" + strings.Join(items, ",") + "]"
	case stringKind:
		return jsonString(n.text)
	default:
		return n.text
	}
}

func sortedMembers(members []member) []member {
	return slices.SortedFunc(slices.Values(members), func(a, b member) int { return strings.Compare(a.key, b.key) })
}
