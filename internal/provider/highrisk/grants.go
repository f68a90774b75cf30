package highrisk

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// A SystemPolicy is a policy made by Alibaba Cloud that is high-risk to hold.
type SystemPolicy struct {
	Name string
	// Lets says what it lets its holder do.
	Lets string
}

// SystemPolicies are the high-risk ones. Alibaba Cloud publishes no such list: the
// console marks "such as AdministratorAccess and AliyunRAMFullAccess" (RAM: grant
// permissions to a RAM role). The others have the same effect by what they contain (RAM:
// system policy reference), or rule over accounts or money, which the vendor counts as
// high risk (RAM: identity and permission governance).
func SystemPolicies() []SystemPolicy {
	return []SystemPolicy{
		{"AdministratorAccess", "do everything with everything in the account"},
		{"PowerUserAccess", "do everything but manage identities, accounts and payment; that includes assuming every role that trusts the account, among them administrators"},
		{"AliyunRAMFullAccess", "give itself, and anybody else, every permission in the account"},
		{"AliyunSTSAssumeRoleAccess", "assume every role that trusts the account, among them administrators"},
		{"AliyunResourceDirectoryFullAccess", "manage all accounts of the resource directory, and the limits set for them"},
		{"AliyunCloudSSOFullAccess", "let anybody log in to all accounts of the resource directory"},
		{"AliyunBSSFullAccess", "order, pay, and change how the account is billed"},
	}
}

// A Grant is a policy that somebody is to hold.
type Grant struct {
	PolicyName string
	// PolicyType is System or Custom; empty if it is not known yet.
	PolicyType string
	// Kind of the holder: user, group or role. Name is empty if it is not known yet.
	Kind, Name string
}

// JudgeGrant speaks up if the grant is of a high-risk system policy. Custom policies are
// judged where their document is written; see JudgePolicy.
func (r Rules) JudgeGrant(grant Grant, at path.Path, diags *diag.Diagnostics) {
	if grant.PolicyType == "Custom" || r.excepts("policy/"+grant.PolicyName, grant.Kind+"/"+grant.Name) {
		return
	}
	all := SystemPolicies()
	i := slices.IndexFunc(all, func(one SystemPolicy) bool { return one.Name == grant.PolicyName })
	if i < 0 {
		return
	}
	holder, exception := "a RAM "+grant.Kind, "policy/"+grant.PolicyName
	if grant.Name != "" {
		holder, exception = fmt.Sprintf("RAM %s %q", grant.Kind, grant.Name), grant.Kind+"/"+grant.Name
	}
	r.report(fmt.Sprintf("System policy %q for %s", grant.PolicyName, holder), exception, []finding{{
		why:     "It lets its holder " + all[i].Lets + ".",
		instead: "attach a policy with what is needed only",
	}}, at, diags)
}
