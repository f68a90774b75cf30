package policy

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Build writes statements as a document ready to send: compact, in the given order, a
// single value without its list. It is a trust policy if any statement has Principals, and
// is validated as what it is; an error names statements by their index. Conditions with
// the same operator and key become one, with the values of both.
//
// SIDs are left out, since the language of RAM has none. See BuildSource.
func Build(statements []Statement) (string, error) {
	doc, err := assemble(statements)
	if err != nil {
		return "", err
	}
	for i := range doc.statements {
		doc.statements[i].hasSID = false
	}
	text := doc.render(asWritten)
	check := checkIdentity
	if slices.ContainsFunc(doc.statements, func(s statement) bool { return s.trusting }) {
		check = checkTrust
	}
	if err := validate(text, check).joinMessages(); err != nil {
		return "", err
	}
	return text, nil
}

// BuildSource writes statements with their SIDs: a document which is not for the service
// but for Merge, as a source or an override of another. It is not validated.
func BuildSource(statements []Statement) (string, error) {
	doc, err := assemble(statements)
	if err != nil {
		return "", err
	}
	text := doc.render(asWritten)
	_, f := read(text)
	if err := f.joinMessages(); err != nil {
		return "", err
	}
	return text, nil
}

// Merge puts together the statements of source documents, one's own, and those of
// overriding documents, in this order. One's own statement takes the place of a source's
// with the same SID; an overriding one takes the place of any with the same SID, and a
// later document wins. Otherwise a SID may occur once among the sources and once among
// one's own; statements without one are always added. The result is for Build.
//
// A document with elements unknown to the language is an error: they would be lost.
func Merge(sources []string, own []Statement, overrides []string) ([]Statement, error) {
	var fromSources []Statement
	for i, text := range sources {
		statements, err := statementsOf(text)
		if err != nil {
			return nil, fmt.Errorf("source document %d: %w", i, err)
		}
		fromSources = append(fromSources, statements...)
	}
	if err := uniqueSIDs(fromSources); err != nil {
		return nil, fmt.Errorf("source documents: %w", err)
	}
	if err := uniqueSIDs(own); err != nil {
		return nil, err
	}
	merged := override(fromSources, own)
	for i, text := range overrides {
		statements, err := statementsOf(text)
		if err == nil {
			err = uniqueSIDs(statements)
		}
		if err != nil {
			return nil, fmt.Errorf("override document %d: %w", i, err)
		}
		merged = override(merged, statements)
	}
	return merged, nil
}

func statementsOf(text string) ([]Statement, error) {
	doc, f := read(text)
	if doc != nil {
		if doc.hasVersion && doc.version.text != Version {
			f.add(doc.version.offset, "Version", `found %s, expected "1"`, quote(doc.version.text))
		}
		f.refuseUnknown("", doc.unknown, documentElements)
		for _, s := range doc.statements {
			f.refuseUnknown(s.path+".", s.unknown, statementElements)
		}
	}
	if err := f.join(); err != nil {
		return nil, err
	}
	return doc.Statements(), nil
}

func uniqueSIDs(statements []Statement) error {
	first := map[string]int{}
	for i, s := range statements {
		if j, twice := first[s.SID]; twice && s.SID != "" {
			return fmt.Errorf("statements %d and %d have the same sid %q", j, i, s.SID)
		}
		first[s.SID] = i
	}
	return nil
}

// override returns base with the statements of top, each in the place of its namesake.
func override(base, top []Statement) []Statement {
	merged := slices.Clone(base)
	for _, s := range top {
		i := slices.IndexFunc(merged, func(b Statement) bool { return s.SID != "" && b.SID == s.SID })
		if i < 0 {
			merged = append(merged, s)
		} else {
			merged[i] = s
		}
	}
	return merged
}

// assemble makes a document of statements, as far as they have one meaning.
func assemble(statements []Statement) (*Document, error) {
	if len(statements) == 0 {
		return nil, errors.New("a policy needs at least one statement")
	}
	doc := &Document{hasVersion: true, version: value{text: Version}}
	var errs []error
	for i, s := range statements {
		internal, err := s.internal()
		if err != nil {
			errs = append(errs, fmt.Errorf("Statement[%d]: %w", i, err))
		}
		doc.statements = append(doc.statements, internal)
	}
	return doc, errors.Join(errs...)
}

func (s Statement) internal() (statement, error) {
	out := statement{
		hasSID: s.SID != "", sid: value{text: s.SID},
		effect:     cmp.Or(s.Effect, EffectAllow),
		trusting:   len(s.Principals) > 0,
		conditions: mergeConditions(s.Conditions),
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Principals)) {
		out.principals = append(out.principals, principalList{kind: kind, values: values(s.Principals[kind])})
	}
	var errAction, errResource error
	out.action, errAction = oneOf("Action", s.Actions, s.NotActions)
	if errAction == nil && out.action.name == "" {
		errAction = errors.New("it has no Action, expected Action or NotAction")
	}
	out.resource, errResource = oneOf("Resource", s.Resources, s.NotResources)
	return out, errors.Join(errAction, errResource)
}

func oneOf(name string, positive, negative []string) (matcher, error) {
	switch {
	case len(positive) > 0 && len(negative) > 0:
		return matcher{}, fmt.Errorf("it has both %s and Not%[1]s, expected one of them", name)
	case len(negative) > 0:
		return matcher{name: "Not" + name, negated: true, values: values(negative)}, nil
	case len(positive) > 0:
		return matcher{name: name, values: values(positive)}, nil
	default:
		return matcher{}, nil
	}
}

// mergeConditions sorts by operator and key, as the nested form needs, and puts those
// which share both together.
func mergeConditions(conditions []Condition) []condition {
	var merged []condition
	for _, c := range conditions {
		i := slices.IndexFunc(merged, func(m condition) bool { return m.operator == c.Operator && m.key == c.Key })
		if i < 0 {
			merged = append(merged, condition{operator: c.Operator, key: c.Key, values: values(c.Values)})
		} else {
			merged[i].values = append(merged[i].values, values(c.Values)...)
		}
	}
	slices.SortStableFunc(merged, compareConditions)
	return merged
}

func values(texts []string) []value {
	out := make([]value, len(texts))
	for i, text := range texts {
		out[i] = value{text: text}
	}
	return out
}
