package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxDocumentSize bounds permission policies and trust policies, in characters of the
// document as it is sent, white space included (RAM limits page, Dec 2025); see Size.
const MaxDocumentSize = 6144

// Version is the only version of the language.
const Version = "1"

// Size is the length of a document as the service's limits count it: characters of the
// text as sent, not bytes, and with its white space.
func Size(text string) int { return utf8.RuneCountInString(text) }

// A Document is a policy that has been read. It does not change, so it may be shared.
type Document struct {
	offset     int
	hasVersion bool
	version    value
	statements []statement
	unknown    []member
}

// A value is a string of the document and where it stands.
type value struct {
	text   string
	offset int
}

type statement struct {
	path            string // Statement[0]
	offset          int
	hasSID          bool
	sid             value
	effect          Effect
	effectOffset    int
	action          matcher
	resource        matcher
	trusting        bool // has a Principal element
	principalOffset int
	principals      []principalList
	conditions      []condition
	unknown         []member
}

// A matcher is the pair Action and NotAction, or Resource and NotResource, of which a
// statement has one.
type matcher struct {
	name    string // of the element; empty if the statement has neither
	negated bool
	offset  int
	values  []value
}

func (m matcher) path(s statement, i int) string {
	if len(m.values) == 1 {
		return s.path + "." + m.name
	}
	return fmt.Sprintf("%s.%s[%d]", s.path, m.name, i)
}

type principalList struct {
	kind   string // RAM, Service, Federated
	offset int
	values []value
}

type condition struct {
	operator, key string
	offset        int
	values        []value
}

// Parse reads a document. The error is a *SyntaxError: the first place where the text is
// not JSON, or not of the shape of a policy, so that it has no meaning. Elements that the
// language does not have are kept; the Validate functions report them.
func Parse(text string) (*Document, error) {
	doc, faults := read(text)
	if len(faults.found) > 0 {
		return nil, faults.found[0]
	}
	return doc, nil
}

// read gives what can be read of a document, nil if that is nothing, and everything that
// is wrong with its shape, in the order of the text.
func read(text string) (*Document, *faults) {
	r := reader{faults{text: text}}
	root, fault := readJSON(text)
	if fault != nil {
		r.found = append(r.found, fault)
		return nil, &r.faults
	}
	doc := r.document(root)
	r.sort()
	return doc, &r.faults
}

type reader struct{ faults }

func (r *reader) document(root node) *Document {
	if root.kind != objectKind {
		r.add(root.offset, "", "found %s, expected a policy: an object with Version and Statement", root.describe())
		return nil
	}
	doc := &Document{offset: root.offset}
	hasStatement := false
	for _, m := range root.members {
		switch m.key {
		case "Version":
			doc.version, doc.hasVersion = r.version(m.value), true
		case "Statement":
			hasStatement = true
			doc.statements = r.statements(m.value)
		default:
			doc.unknown = append(doc.unknown, m)
		}
	}
	if !hasStatement {
		r.add(root.offset, "", `the policy has no Statement, expected "Statement": [ {…} ]`)
	}
	return doc
}

// version of a wrong kind is taken for the right one, so that its fault is reported once.
func (r *reader) version(n node) value {
	if v, ok := r.string(n, "Version"); ok {
		return v
	}
	return value{Version, n.offset}
}

func (r *reader) statements(list node) []statement {
	if list.kind != listKind {
		r.add(list.offset, "Statement", "found %s, expected a list of statements: [ {…} ]", list.describe())
		return nil
	}
	if len(list.elements) == 0 {
		r.add(list.offset, "Statement", "found an empty list, expected at least one statement")
	}
	statements := make([]statement, 0, len(list.elements))
	for i, element := range list.elements {
		path := fmt.Sprintf("Statement[%d]", i)
		if element.kind != objectKind {
			r.add(element.offset, path, "found %s, expected a statement: an object", element.describe())
			continue
		}
		statements = append(statements, r.statement(element, path))
	}
	return statements
}

func (r *reader) statement(object node, path string) statement {
	s := statement{path: path, offset: object.offset}
	hasEffect := false
	for _, m := range object.members {
		at := path + "." + m.key
		switch m.key {
		case "Sid":
			s.hasSID = true
			s.sid, _ = r.string(m.value, at)
		case "Effect":
			hasEffect = true
			s.effect, s.effectOffset = r.effect(m.value, at), m.value.offset
		case "Action", "NotAction":
			r.matcher(&s.action, m, path)
		case "Resource", "NotResource":
			r.matcher(&s.resource, m, path)
		case "Principal":
			s.trusting, s.principalOffset = true, m.offset
			s.principals = r.principals(m.value, at)
		case "Condition":
			s.conditions = r.conditions(m.value, at)
		default:
			s.unknown = append(s.unknown, m)
		}
	}
	if !hasEffect {
		r.add(object.offset, path, `the statement has no Effect, expected "Effect": "Allow" or "Effect": "Deny"`)
	}
	if s.action.name == "" {
		r.add(object.offset, path, "the statement has no Action, expected Action or NotAction")
	}
	return s
}

func (r *reader) effect(n node, path string) Effect {
	effect := Effect(n.text)
	if n.kind != stringKind || (effect != EffectAllow && effect != EffectDeny) {
		r.add(n.offset, path, `found %s, expected "Allow" or "Deny", spelt exactly so`, n.describe())
	}
	return effect
}

func (r *reader) matcher(into *matcher, m member, path string) {
	if into.name != "" {
		r.add(m.offset, path, "found both %s and %s, expected one of them", into.name, m.key)
		return
	}
	*into = matcher{m.key, strings.HasPrefix(m.key, "Not"), m.offset, r.strings(m.value, path+"."+m.key)}
}

func (r *reader) principals(object node, path string) []principalList {
	if object.kind != objectKind {
		r.add(object.offset, path, `found %s, expected an object with RAM, Service or Federated, such as {"RAM": "acs:ram::1234567890123456:root"}`, object.describe())
		return nil
	}
	if len(object.members) == 0 {
		r.add(object.offset, path, "found an empty object, expected RAM, Service or Federated in it")
	}
	lists := make([]principalList, 0, len(object.members))
	for _, m := range object.members {
		lists = append(lists, principalList{m.key, m.offset, r.strings(m.value, path+"."+m.key)})
	}
	return lists
}

func (r *reader) conditions(object node, path string) []condition {
	if object.kind != objectKind {
		r.add(object.offset, path, `found %s, expected an object such as {"StringEquals": {"acs:SourceVpc": "vpc-1"}}`, object.describe())
		return nil
	}
	var conditions []condition
	for _, operator := range object.members {
		at := path + "." + operator.key
		if operator.value.kind != objectKind {
			r.add(operator.value.offset, at, "found %s, expected an object of condition keys and their values", operator.value.describe())
			continue
		}
		if len(operator.value.members) == 0 {
			r.add(operator.value.offset, at, "found an empty object, expected a condition key and its values")
		}
		for _, key := range operator.value.members {
			values := r.list(key.value, at+"."+key.key, r.scalar)
			conditions = append(conditions, condition{operator.key, key.key, key.offset, values})
		}
	}
	return conditions
}

// strings reads a string, or a list of at least one.
func (r *reader) strings(n node, path string) []value { return r.list(n, path, r.string) }

// list keeps only the values that can be read, so that each fault is reported once.
func (r *reader) list(n node, path string, read func(node, string) (value, bool)) []value {
	if n.kind != listKind {
		if v, ok := read(n, path); ok {
			return []value{v}
		}
		return nil
	}
	if len(n.elements) == 0 {
		r.add(n.offset, path, "found an empty list, expected at least one value")
	}
	values := make([]value, 0, len(n.elements))
	for i, element := range n.elements {
		if v, ok := read(element, fmt.Sprintf("%s[%d]", path, i)); ok {
			values = append(values, v)
		}
	}
	return values
}

func (r *reader) string(n node, path string) (value, bool) {
	if n.kind != stringKind {
		r.add(n.offset, path, "found %s, expected a string in double quotes", n.describe())
		return value{}, false
	}
	return value{n.text, n.offset}, true
}

// scalar reads a condition value. The language writes numbers and booleans in quotes; one
// without means the same as its spelling in quotes.
func (r *reader) scalar(n node, path string) (value, bool) {
	if n.kind == numberKind || n.kind == boolKind {
		return value{n.text, n.offset}, true
	}
	return r.string(n, path)
}
