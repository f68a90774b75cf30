package policy

import (
	"strings"
	"testing"
)

func TestGlob(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"a", "a", true},
		{"a", "A", false},
		{"*", "", true},
		{"*", "anything/at:all", true},
		{"**", "a", true},
		{"a*", "a", true},
		{"a*", "abc", true},
		{"a*", "ba", false},
		{"*c", "abc", true},
		{"*c", "abcd", false},
		{"a*c", "ac", true},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-c-b", false},
		{"?", "", false},
		{"?", "a", true},
		{"?", "ab", false},
		{"?", "界", true},
		{"??", "界", false},
		{"a?c", "abc", true},
		{"*?", "", false},
		{"*?", "a", true},
		{"?*", "界", true},
		{"*界", "a世界", true},
		{"*ab", "aab", true},
		{"*aab*", "aaab", true},
		{"*", "*", true},
		{"a*", "*", false},
		{"?", "*", true},
	}
	for _, test := range tests {
		if got := glob(test.pattern, test.text); got != test.want {
			t.Errorf("glob(%q, %q): got %t, want %t", test.pattern, test.text, got, test.want)
		}
	}
}

// A matcher that backtracks into every * would not come back from this one.
func TestGlobDoesNotExplode(t *testing.T) {
	t.Parallel()
	if glob(strings.Repeat("*a", 500)+"b", strings.Repeat("a", 5000)) {
		t.Error("got a match, want none")
	}
}

func TestResourceMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, resource string
		want              bool
	}{
		{"*", "acs:ram::1:user/a", true},
		{"*", "*", true},
		{"acs:ram:*:1:user/a", "acs:ram::1:user/a", true},
		{"acs:ram::1:user/a", "acs:ram:*:1:user/a", true},
		{"acs:ram::1:user/a", "acs:ram::1:user/a", true},
		{"acs:ecs::1:instance/i", "acs:ecs:cn-hangzhou:1:instance/i", true},
		{"acs:ecs:cn-*:1:instance/i", "acs:ecs:cn-hangzhou:1:instance/i", true},
		{"acs:ecs:cn-hangzhou:1:instance/i", "acs:ecs:cn-beijing:1:instance/i", false},
		{"acs:ram:cn-hangzhou:1:user/a", "acs:ram::1:user/a", false},
		{"acs:ram:*:*:user/a", "acs:ram::1:user/a", true},
		{"acs:ram:*:2:user/a", "acs:ram::1:user/a", false},
		{"acs:ram:*:1:user/*", "acs:ram::1:user/a", true},
		{"acs:ram:*:1:user/?", "acs:ram::1:user/ab", false},
		{"acs:ram:*:1:user/A", "acs:ram::1:user/a", false},
		{"acs:ram:*:1:*", "acs:ram::1:group/g", true},
		{"acs:ram:*:1:user/a", "acs:ram::1:user/*", false},
		{"acs:ram:*:1:user/a", "*", false},
		{"acs:*:*:*:*", "acs:oss:x:1:b/o", true},
		{"acs:oss:*:*:b/*", "acs:oss:x:1:b/with:colon/o", true},
		{"acs:oss:*:*:o", "acs:oss:x:1:b:o", false},       // * stays within its segment
		{"acs:ram:*:1:user/a", "acs:ram:1:user/a", false}, // four segments
		{"acs:ram:*:1:role/ECSAdmin", "acs:ram::1:role/ecsadmin", true},
		{"acs:ram:*:1:role/ecs*", "acs:ram::1:role/ECSAdmin", true},
		{"acs:ram:*:1:role/a", "acs:ram::1:user/a", false},
		{"acs:oss:*:1:role/A", "acs:oss::1:role/a", false},
		{"x*", "xyz", true},
		{"x*", "acs:ram::1:user/a", false},
	}
	for _, test := range tests {
		if got := splitARN(test.resource).matches(test.pattern); got != test.want {
			t.Errorf("resource %q by %q: got %t, want %t", test.resource, test.pattern, got, test.want)
		}
	}
}

func TestPrincipalMatches(t *testing.T) {
	t.Parallel()
	var (
		root    = Principal{AccountID: "1", Type: PrincipalRoot}
		alice   = Principal{AccountID: "1", Type: PrincipalUser, Name: "Alice"}
		admin   = Principal{AccountID: "1", Type: PrincipalRole, Name: "ECSAdmin"}
		ecs     = Principal{Type: PrincipalService, Name: "ecs.aliyuncs.com"}
		ecsFor1 = Principal{AccountID: "1", Type: PrincipalService, Name: "ecs.aliyuncs.com"}
		idp     = Principal{AccountID: "1", Type: PrincipalFederated, Name: "acs:ram::1:oidc-provider/gh"}
	)
	tests := []struct {
		kind, trusted string
		principal     Principal
		want          bool
	}{
		{"RAM", "acs:ram::1:root", root, true},
		{"RAM", "acs:ram::1:root", alice, true},
		{"RAM", "acs:ram::1:root", admin, true},
		{"RAM", "acs:ram::2:root", alice, false},
		{"RAM", "acs:ram::*:root", alice, true},
		{"RAM", "*", admin, true},
		{"RAM", "acs:ram::1:user/Alice", alice, true},
		{"RAM", "acs:ram::1:user/alice", alice, false},
		{"RAM", "acs:ram::1:user/*", alice, false},
		{"RAM", "acs:ram::2:user/Alice", alice, false},
		{"RAM", "acs:ram::1:role/Alice", alice, false},
		{"RAM", "acs:ram::1:role/ecsadmin", admin, true},
		{"RAM", "acs:ram::1:role/other", admin, false},
		{"RAM", "acs:ram::1:user/ECSAdmin", admin, false},
		{"RAM", "acs:ram::1:user/", root, false},
		{"RAM", "acs:ram::1:root", ecsFor1, false},
		{"RAM", "*", ecs, false},
		{"RAM", "*", idp, false},
		{"RAM", "acs:oss::1:root", alice, false},
		{"RAM", "1", alice, false},
		{"Service", "acs:ram::1:root", alice, false},
		{"Service", "ecs.aliyuncs.com", ecs, true},
		{"Service", "ECS.aliyuncs.com", ecs, true},
		{"Service", "ecs.aliyuncs.com", ecsFor1, true},
		{"Service", "1@ecs.aliyuncs.com", ecsFor1, true},
		{"Service", "1@ecs.aliyuncs.com", ecs, false},
		{"Service", "2@ecs.aliyuncs.com", ecsFor1, false},
		{"Service", "rds.aliyuncs.com", ecs, false},
		{"RAM", "ecs.aliyuncs.com", ecs, false},
		{"Federated", "acs:ram::1:oidc-provider/gh", idp, true},
		{"Federated", "acs:ram::1:oidc-provider/GH", idp, false},
		{"Federated", "acs:ram::1:saml-provider/gh", idp, false},
		{"RAM", "acs:ram::1:oidc-provider/gh", idp, false},
		{"Federated", "*", idp, false},
		{"RAM", "*", Principal{}, false},
	}
	for _, test := range tests {
		if got := test.principal.matches(test.kind, test.trusted); got != test.want {
			t.Errorf("%+v by %s %q: got %t, want %t", test.principal, test.kind, test.trusted, got, test.want)
		}
	}
}
