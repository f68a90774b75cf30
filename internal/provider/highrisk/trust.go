package highrisk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// JudgeTrust speaks up if the trust policy of a role lets in everybody, every token of
// an OIDC provider, or, without an external id, everybody in another account. account
// gives the role's own one, or false if it is not known; it is asked only if the answer
// depends on it.
func (r Rules) JudgeTrust(roleName, text string, account func() (string, bool), at path.Path, diags *diag.Diagnostics) {
	document, err := policy.Parse(text)
	if err != nil || r.excepts("role/"+roleName) {
		return
	}
	var findings []finding
	for _, statement := range document.Statements() {
		if statement.Effect == policy.EffectAllow {
			findings = append(findings, judgeTrusted(statement, account)...)
		}
	}
	r.report(fmt.Sprintf("The trust policy of RAM role %q", roleName), "role/"+roleName, findings, at, diags)
}

func judgeTrusted(statement policy.Statement, account func() (string, bool)) []finding {
	var findings []finding
	for _, principal := range statement.Principals["RAM"] {
		trusted, isRoot := strings.CutSuffix(strings.TrimPrefix(principal, "acs:ram::"), ":root")
		switch {
		case principal == "*" || strings.HasPrefix(principal, "acs:ram::*:"):
			findings = append(findings, finding{
				why:     fmt.Sprintf("It trusts the principal %q, a wildcard: identities of every account may assume the role.", principal),
				instead: "name the accounts, users or roles that may assume it",
			})
		case isRoot && !limits(statement, "sts:ExternalId"):
			own, known := account()
			if !known || trusted == own {
				continue
			}
			findings = append(findings, finding{
				why: fmt.Sprintf("It trusts the whole account %s without an external id. Whoever that account lets assume roles may use this one, "+
					"also if it was tricked into it by a third party who knows the role's ARN.", trusted),
				instead:  `add a condition on sts:ExternalId (StringEquals), or name the users or roles of the other account`,
				warnOnly: true,
			})
		}
	}
	for _, principal := range statement.Principals["Federated"] {
		if !strings.Contains(principal, ":oidc-provider/") {
			continue
		}
		for _, claim := range []struct{ key, means string }{
			{"oidc:sub", "every subject that the provider issues tokens for, such as every repository or pod, may assume the role"},
			{"oidc:aud", "tokens that the provider issued for other services are accepted, too"},
		} {
			if !limits(statement, claim.key) {
				findings = append(findings, finding{
					why:     fmt.Sprintf("It trusts %s without a condition on %s: %s.", principal, claim.key, claim.means),
					instead: "add conditions on oidc:sub and oidc:aud (StringEquals, or StringLike with more than *)",
				})
			}
		}
	}
	return findings
}

// limits says whether a condition demands something of the key: an operator that is not
// negated, with no value that matches everything.
func limits(statement policy.Statement, key string) bool {
	return slices.ContainsFunc(statement.Conditions, func(condition policy.Condition) bool {
		matchesAll := slices.ContainsFunc(condition.Values, func(value string) bool { return strings.Trim(value, "*") == "" })
		return condition.Key == key && !strings.Contains(condition.Operator, "Not") && !matchesAll
	})
}
