package highrisk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// JudgePolicy speaks up if the document of a custom policy allows everything, everything
// in RAM, or to assume every role. Statements with conditions are taken to be limited.
// A document that cannot be parsed is somebody else's to report.
func (r Rules) JudgePolicy(name, text string, at path.Path, diags *diag.Diagnostics) {
	document, err := policy.Parse(text)
	if err != nil || r.excepts("policy/"+name) {
		return
	}
	r.report(fmt.Sprintf("RAM policy %q", name), "policy/"+name, judgeDocument(document), at, diags)
}

func judgeDocument(document *policy.Document) []finding {
	powers := []struct{ action, resource, means string }{
		{"*:*", "acs:*:*:%s:*", "It allows every action on every resource (*:*): its holder may do everything."},
		{"ram:*", "acs:ram:*:%s:*", "It allows every action of RAM on every resource (ram:*): its holder may give itself, and anybody else, every permission."},
		{"sts:AssumeRole", "acs:ram:*:%s:role/*", "It allows to assume every role (sts:AssumeRole on *): its holder may become whoever trusts the account, among them administrators."},
	}
	var findings []finding
	for _, power := range powers {
		isGranted := slices.ContainsFunc(accounts(document), func(account string) bool {
			// An asterisk in a request is matched by nothing but a pattern that covers all.
			request := policy.Request{Action: power.action, Resource: fmt.Sprintf(power.resource, account)}
			return document.Evaluate(request) == policy.Allow
		})
		if isGranted {
			findings = append(findings, finding{why: power.means, instead: "name the actions and resources that are needed"})
			if power.action == "*:*" {
				break // the others are part of it
			}
		}
	}
	return findings
}

// accounts are those that the document's resources name, and * for any: everything in
// the own account is everything.
func accounts(document *policy.Document) []string {
	all := []string{"*"}
	for _, statement := range document.Statements() {
		for _, resource := range statement.Resources {
			if parts := strings.SplitN(resource, ":", 5); len(parts) == 5 && !slices.Contains(all, parts[3]) {
				all = append(all, parts[3])
			}
		}
	}
	return all
}
