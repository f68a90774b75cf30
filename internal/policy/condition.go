package policy

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An operator compares a value of the request with a value of the policy. A negated one
// holds if its comparison holds for no pair of values.
type operator struct {
	negated bool
	compare func(policy, request string) bool
}

// operators are those which RAM documents ("Conditional operators", Dec 2025).
var operators = map[string]operator{
	"StringEquals":              {false, equal},
	"StringNotEquals":           {true, equal},
	"StringEqualsIgnoreCase":    {false, strings.EqualFold},
	"StringNotEqualsIgnoreCase": {true, strings.EqualFold},
	"StringLike":                {false, glob},
	"StringNotLike":             {true, glob},

	"NumericEquals":            {false, ordered(compareNumbers, equals)},
	"NumericNotEquals":         {true, ordered(compareNumbers, equals)},
	"NumericLessThan":          {false, ordered(compareNumbers, less)},
	"NumericLessThanEquals":    {false, ordered(compareNumbers, lessOrEqual)},
	"NumericGreaterThan":       {false, ordered(compareNumbers, greater)},
	"NumericGreaterThanEquals": {false, ordered(compareNumbers, greaterOrEqual)},

	"DateEquals":            {false, ordered(compareDates, equals)},
	"DateNotEquals":         {true, ordered(compareDates, equals)},
	"DateLessThan":          {false, ordered(compareDates, less)},
	"DateLessThanEquals":    {false, ordered(compareDates, lessOrEqual)},
	"DateGreaterThan":       {false, ordered(compareDates, greater)},
	"DateGreaterThanEquals": {false, ordered(compareDates, greaterOrEqual)},

	"Bool": {false, equalBools},

	"IpAddress":    {false, containsAddress},
	"NotIpAddress": {true, containsAddress},
}

// holds evaluates a condition. If the request has no value for the key, an operator is
// false and a negated operator true: there is no value that it excludes. RAM's pages do
// not say; this is how the language it resembles decides, and how the usual
// `Deny … NotIpAddress` must behave to keep strangers out.
//
// An operator that is not known here holds for Deny and fails for Allow.
func (c condition) holds(context map[string][]string, effect Effect) bool {
	op, known := operators[c.operator]
	if !known {
		return effect == EffectDeny
	}
	matched := slices.ContainsFunc(context[c.key], func(request string) bool {
		return slices.ContainsFunc(c.values, func(v value) bool { return op.compare(v.text, request) })
	})
	return matched != op.negated
}

func equal(policy, request string) bool { return policy == request }

func equals(order int) bool         { return order == 0 }
func less(order int) bool           { return order < 0 }
func lessOrEqual(order int) bool    { return order <= 0 }
func greater(order int) bool        { return order > 0 }
func greaterOrEqual(order int) bool { return order >= 0 }

// ordered makes a comparison of an order: of the request's value to the policy's.
func ordered(compare func(a, b string) (int, bool), holds func(int) bool) func(policy, request string) bool {
	return func(policy, request string) bool {
		order, ok := compare(request, policy)
		return ok && holds(order)
	}
}

// compareNumbers compares whole numbers exactly (an account id does not fit a float64)
// and others as float64. What is no number compares with nothing.
func compareNumbers(a, b string) (int, bool) {
	wholeA, errA := strconv.ParseInt(a, 10, 64)
	wholeB, errB := strconv.ParseInt(b, 10, 64)
	if errA == nil && errB == nil {
		return cmp.Compare(wholeA, wholeB), true
	}
	floatA, okA := parseNumber(a)
	floatB, okB := parseNumber(b)
	return cmp.Compare(floatA, floatB), okA && okB
}

func parseNumber(s string) (float64, bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false // Inf, NaN and hexadecimals are no numbers of the language
	}
	number, err := strconv.ParseFloat(s, 64)
	return number, err == nil
}

func compareDates(a, b string) (int, bool) {
	dateA, okA := parseDate(a)
	dateB, okB := parseDate(b)
	return dateA.Compare(dateB), okA && okB
}

// parseDate reads ISO 8601 with a zone, such as 2026-01-31T00:00:00Z or …+08:00, with or
// without seconds, or a day alone, which begins at midnight UTC.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if date, err := time.Parse(layout, s); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}

func equalBools(policy, request string) bool {
	return strings.EqualFold(policy, request) &&
		(strings.EqualFold(policy, "true") || strings.EqualFold(policy, "false"))
}

// containsAddress takes an address or a CIDR block of IPv4 or IPv6 from the policy.
func containsAddress(policy, request string) bool {
	address, err := netip.ParseAddr(request)
	if err != nil {
		return false
	}
	address = address.WithZone("").Unmap()
	if single, err := netip.ParseAddr(policy); err == nil {
		return single.Unmap() == address
	}
	block, err := netip.ParsePrefix(policy)
	return err == nil && block.Contains(address)
}
