// Package highrisk knows grants and documents that give away more than most people
// mean to: the provider arguments high_risk_policies and high_risk_exceptions. It looks
// at nothing but what it is given, and asks nobody.
//
// Judge what a plan creates or changes, never what stays as it is:
//
//	r.HighRiskRules().JudgeGrant(highrisk.Grant{PolicyName: "AdministratorAccess", PolicyType: "System", Kind: "role", Name: "ci"}, path.Root("policy_name"), &resp.Diagnostics)
package highrisk

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Level is what to do about a high risk.
type Level string

// The choices of the provider argument high_risk_policies.
const (
	Warn   Level = "warn"
	Error  Level = "error"
	Ignore Level = "ignore"
)

// ExceptionPattern is what an exception looks like: an object as in the last part of its
// ARN, such as policy/break-glass or role/admin.
var ExceptionPattern = regexp.MustCompile(`^(policy|user|group|role)/[A-Za-z0-9._-]{1,128}$`)

// Rules are the provider's arguments. The zero Rules say nothing.
type Rules struct {
	Level Level
	// Exceptions name policies that may be granted and say anything, and principals who
	// may get anything and, as roles, be assumed by anybody.
	Exceptions []string
}

// A finding is one reason why something is high-risk, a sentence.
type finding struct {
	why string
	// instead is what to do about it.
	instead string
	// warnOnly says that not even Error makes it an error.
	warnOnly bool
}

// report says the findings about an object, one diagnostic for those that forbid it and
// one for those that do not.
func (r Rules) report(object, exception string, findings []finding, at path.Path, diags *diag.Diagnostics) {
	var warnings, errs []finding
	for _, one := range findings {
		if r.Level == Error && !one.warnOnly {
			errs = append(errs, one)
		} else {
			warnings = append(warnings, one)
		}
	}
	if len(errs) > 0 {
		diags.AddAttributeError(at, object+" is high-risk", describe(errs, exception)+
			"\nThe provider argument high_risk_policies is \"error\", so it is not planned.")
	}
	if len(warnings) > 0 {
		diags.AddAttributeWarning(at, object+" is high-risk", describe(warnings, exception))
	}
}

func describe(findings []finding, exception string) string {
	var whys, steps []string
	for _, one := range findings {
		whys = append(whys, one.why)
		if !slices.Contains(steps, one.instead) {
			steps = append(steps, one.instead)
		}
	}
	return fmt.Sprintf("%s\nNext step: %s. If it is meant so, add %q to high_risk_exceptions in the provider block.",
		strings.Join(whys, "\n"), strings.Join(steps, "; "), exception)
}

// excepts says whether one of the objects is an exception, or there are no rules.
func (r Rules) excepts(objects ...string) bool {
	return r.Level == "" || r.Level == Ignore ||
		slices.ContainsFunc(objects, func(object string) bool { return slices.Contains(r.Exceptions, object) })
}
