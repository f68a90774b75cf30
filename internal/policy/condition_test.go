package policy

import "testing"

func TestOperators(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operator, policy, request string
		want                      bool
	}{
		{"StringEquals", "Dev", "Dev", true},
		{"StringEquals", "Dev", "dev", false},
		{"StringEquals", "d*", "dev", false},
		{"StringNotEquals", "Dev", "dev", true},
		{"StringNotEquals", "dev", "dev", false},
		{"StringEqualsIgnoreCase", "Dev", "dEV", true},
		{"StringEqualsIgnoreCase", "Dev", "develop", false},
		{"StringNotEqualsIgnoreCase", "Dev", "dEV", false},
		{"StringNotEqualsIgnoreCase", "Dev", "ops", true},
		{"StringLike", "repo:org/*:ref", "repo:org/a/b:ref", true},
		{"StringLike", "Repo*", "repo:x", false},
		{"StringLike", "de?", "dev", true},
		{"StringNotLike", "de?", "dev", false},
		{"StringNotLike", "de?", "deve", true},

		{"NumericEquals", "10", "10.0", true},
		{"NumericEquals", "1e3", "1000", true},
		{"NumericEquals", "9007199254740993", "9007199254740992", false}, // equal as float64
		{"NumericEquals", "ten", "ten", false},
		{"NumericEquals", "Inf", "Inf", false},
		{"NumericEquals", "0x10", "0x10", false},
		{"NumericEquals", "", "", false},
		{"NumericNotEquals", "10", "11", true},
		{"NumericNotEquals", "10", "10", false},
		{"NumericNotEquals", "10", "ten", true},
		{"NumericLessThan", "10", "9.5", true},
		{"NumericLessThan", "10", "10", false},
		{"NumericLessThan", "10", "-11", true},
		{"NumericLessThanEquals", "10", "10", true},
		{"NumericLessThanEquals", "10", "11", false},
		{"NumericGreaterThan", "10", "11", true},
		{"NumericGreaterThan", "10", "10", false},
		{"NumericGreaterThanEquals", "10", "10", true},
		{"NumericGreaterThanEquals", "10", "9", false},
		{"NumericGreaterThanEquals", "10", "x", false},

		{"DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", true},
		{"DateEquals", "2026-01-01T00:00Z", "2026-01-01T00:00:00Z", true},
		{"DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", true},
		{"DateEquals", "yesterday", "yesterday", false},
		{"DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true},
		{"DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false},
		{"DateLessThan", "2026-01-01T00:00:00+08:00", "2025-12-31T15:59:59Z", true},
		{"DateLessThan", "2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00Z", false},
		{"DateLessThanEquals", "2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00Z", true},
		{"DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", false},
		{"DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true},
		{"DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false},
		{"DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", true},
		{"DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", false},

		{"Bool", "true", "true", true},
		{"Bool", "True", "true", true},
		{"Bool", "false", "true", false},
		{"Bool", "false", "false", true},
		{"Bool", "1", "1", false},

		{"IpAddress", "203.0.113.7", "203.0.113.7", true},
		{"IpAddress", "203.0.113.7", "203.0.113.8", false},
		{"IpAddress", "203.0.113.0/24", "203.0.113.255", true},
		{"IpAddress", "203.0.113.9/24", "203.0.113.1", true},
		{"IpAddress", "203.0.113.0/24", "203.0.114.0", false},
		{"IpAddress", "0.0.0.0/0", "8.8.8.8", true},
		{"IpAddress", "203.0.113.0/24", "::ffff:203.0.113.4", true},
		{"IpAddress", "2001:db8::/32", "2001:db8:1::1", true},
		{"IpAddress", "2001:db8::/32", "2001:db9::", false},
		{"IpAddress", "2001:DB8::0:1", "2001:db8::1", true},
		{"IpAddress", "0.0.0.0/0", "2001:db8::1", false},
		{"IpAddress", "203.0.113.0/33", "203.0.113.0", false},
		{"IpAddress", "203.0.113.*", "203.0.113.7", false},
		{"IpAddress", "203.0.113.0/24", "203.0.113", false},
		{"NotIpAddress", "203.0.113.0/24", "203.0.113.7", false},
		{"NotIpAddress", "203.0.113.0/24", "8.8.8.8", true},
	}
	tested := map[string]int{}
	for _, test := range tests {
		tested[test.operator]++
		c := condition{operator: test.operator, key: "k", values: values([]string{test.policy})}
		if got := c.holds(map[string][]string{"k": {test.request}}, EffectAllow); got != test.want {
			t.Errorf("%s: policy %q, request %q: got %t, want %t", test.operator, test.policy, test.request, got, test.want)
		}
	}
	for name := range operators {
		if tested[name] < 2 {
			t.Errorf("%s: got %d tests, want at least one for each answer", name, tested[name])
		}
	}
}

func TestConditionsOfSeveralValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		operator string
		policy   []string
		request  []string
		want     bool
	}{
		"any of the policy's":             {"StringEquals", []string{"a", "b"}, []string{"b"}, true},
		"none of the policy's":            {"StringEquals", []string{"a", "b"}, []string{"c"}, false},
		"any of the request's":            {"StringEquals", []string{"a"}, []string{"c", "a"}, true},
		"negated, one of the policy's":    {"StringNotEquals", []string{"a", "b"}, []string{"b"}, false},
		"negated, none of the policy's":   {"StringNotEquals", []string{"a", "b"}, []string{"c"}, true},
		"negated, one of the request's":   {"StringNotEquals", []string{"a"}, []string{"c", "a"}, false},
		"less than the greatest":          {"NumericLessThan", []string{"1", "10"}, []string{"5"}, true},
		"missing":                         {"StringEquals", []string{"a"}, nil, false},
		"missing, and everything matches": {"StringLike", []string{"*"}, nil, false},
		"empty is not missing":            {"StringLike", []string{"*"}, []string{""}, true},
		"missing, a boolean":              {"Bool", []string{"false"}, nil, false},
		"missing, negated":                {"StringNotEquals", []string{"a"}, nil, true},
		"missing, negated pattern":        {"StringNotLike", []string{"*"}, nil, true},
		"missing, negated address":        {"NotIpAddress", []string{"0.0.0.0/0"}, nil, true},
		"missing, negated number":         {"NumericNotEquals", []string{"1"}, nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := condition{operator: test.operator, key: "k", values: values(test.policy)}
			if got := c.holds(map[string][]string{"k": test.request, "other": {"a"}}, EffectAllow); got != test.want {
				t.Errorf("%s %v of request %v: got %t, want %t", test.operator, test.policy, test.request, got, test.want)
			}
		})
	}
}
