package emulator

import (
	"regexp"
	"slices"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func policyOperations() []*operation {
	return []*operation{
		define(ram, "CreatePolicy", write, allPolicies[createPolicyInput], createPolicy),
		define(ram, "GetPolicy", read, policyARNOf[policyRef], getPolicy),
		define(ram, "ListPolicies", read, allPolicies[listPoliciesInput], listPolicies),
		define(ram, "UpdatePolicyDescription", write, policyARNOf[updatePolicyInput], updatePolicyDescription),
		define(ram, "DeletePolicy", write, policyARNOf[deletePolicyInput], deletePolicy),
	}
}

func allPolicies[In any](c *call, _ In) string { return policyARN(c.account.ID, policyCustom, "*") }

func policyARNOf[In interface{ policyName() (kind, name string) }](c *call, in In) string {
	kind, name := in.policyName()
	return policyARN(c.account.ID, kind, name)
}

// policyNamed names a custom policy.
type policyNamed struct {
	PolicyName string `param:",required"`
}

func (in policyNamed) policyName() (kind, name string) { return policyCustom, in.PolicyName }

func (in policyNamed) find(c *call) (*policy, *apiError) {
	return c.policy(policyCustom, in.PolicyName)
}

// policyRef names a policy of either type.
type policyRef struct {
	PolicyName string `param:",required"`
	PolicyType string `param:",required"`
}

func (in policyRef) policyName() (kind, name string) { return in.PolicyType, in.PolicyName }

func (in policyRef) find(c *call) (*policy, *apiError) { return c.policy(in.PolicyType, in.PolicyName) }

// policy finds a policy by type and name; those of the system are the same in all
// accounts.
func (c *call) policy(kind, name string) (*policy, *apiError) {
	if refused := checkPolicyType(kind); refused != nil {
		return nil, refused
	}
	if p := c.account.policy(kind, name); p != nil {
		return p, nil
	}
	return nil, errNoPolicy(name)
}

func (a *account) policy(kind, name string) *policy {
	if kind == policySystem {
		return systemPolicies[fold(name)]
	}
	return a.Policies[fold(name)]
}

func checkPolicyType(kind string) *apiError {
	if kind != policySystem && kind != policyCustom {
		return invalidParameter("PolicyType", "PolicyType must be %s or %s.", policySystem, policyCustom)
	}
	return nil
}

func errNoPolicy(name string) *apiError {
	return notExist("Policy", "The policy does not exist: %s.", name)
}

var policyNameRule = nameRule{1, 128, regexp.MustCompile(`^[A-Za-z0-9-]*$`)}

// CreatePolicy.

type createPolicyInput struct {
	policyNamed
	PolicyDocument string `param:",required"`
	Description    string
	Tags           []tagParam `param:"Tag,json"`
}

func createPolicy(c *call, in createPolicyInput) (answer, *apiError) {
	tags, refused := newTags(nil, in.Tags, maxTagValueLengthOther)
	if refused := first(
		policyNameRule.check("PolicyName", in.PolicyName),
		descriptionRule.check("Description", in.Description),
		checkDocument("PolicyDocument", in.PolicyDocument, policylang.ValidateIdentity),
		refused,
	); refused != nil {
		return nil, refused
	}
	if c.account.Policies[fold(in.PolicyName)] != nil {
		return nil, alreadyExists("Policy", "The policy already exists: %s.", in.PolicyName)
	}
	if len(c.account.Policies) >= maxPolicies {
		return nil, limitExceeded("Policy", maxPolicies)
	}
	p := &policy{Name: in.PolicyName, Description: in.Description, Created: c.now, Updated: c.now, Tags: tags}
	p.Default = p.add(in.PolicyDocument, c.now).ID
	c.account.Policies[fold(p.Name)] = p
	return answer{"Policy": c.policyView(policyCustom, p, "UpdateDate", "AttachmentCount")}, nil
}

func getPolicy(c *call, in policyRef) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	view := c.policyView(in.PolicyType, p)
	view["PolicyDocument"] = c.document(p.document())
	return answer{"Policy": view, "DefaultPolicyVersion": c.versionView(p, p.version(p.Default))}, nil
}

// ListPolicies: custom policies first, then those of the system, each by name.

type listPoliciesInput struct {
	pageParams
	PolicyType string
	Tags       []tagParam `param:"Tag,json"`
}

func listPolicies(c *call, in listPoliciesInput) (answer, *apiError) {
	kinds := []string{policyCustom, policySystem}
	if in.PolicyType != "" {
		if refused := checkPolicyType(in.PolicyType); refused != nil {
			return nil, refused
		}
		kinds = []string{in.PolicyType}
	}
	type row struct {
		kind string
		*policy
	}
	chosen := map[string]row{}
	for kind, policies := range map[string]map[string]*policy{policyCustom: c.account.Policies, policySystem: systemPolicies} {
		for key, p := range policies {
			if slices.Contains(kinds, kind) && hasTags(p.Tags, in.Tags) {
				chosen[kind+"/"+key] = row{kind, p}
			}
		}
	}
	return page(c, in.pageParams, pageSize{100, 1000}, chosen, "Policies", "Policy", func(r row) any {
		view := c.policyView(r.kind, r.policy)
		view["Tags"] = viewTags(r.Tags)
		return view
	})
}

type updatePolicyInput struct {
	policyNamed
	NewDescription string
}

func updatePolicyDescription(c *call, in updatePolicyInput) (answer, *apiError) {
	p, refused := in.find(c)
	if refused := first(refused, descriptionRule.check("NewDescription", in.NewDescription)); refused != nil {
		return nil, refused
	}
	p.Description, p.Updated = in.NewDescription, c.now
	return answer{"Policy": c.policyView(policyCustom, p, "AttachmentCount")}, nil
}

// DeletePolicy.

type deletePolicyInput struct {
	policyNamed
	CascadingDelete bool // also the versions that are not the default
}

func deletePolicy(c *call, in deletePolicyInput) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	for _, at := range c.account.attachmentsTo(policyCustom, p.Name) {
		switch at.PrincipalKind {
		case principalUser:
			return nil, deleteConflict("Policy.User", "The policy %s is still attached to a user.", p.Name)
		case principalGroup:
			return nil, deleteConflict("Policy.Group", "The policy %s is still attached to a group.", p.Name)
		case principalRole:
			return nil, deleteConflict("Role.Policy", "The policy %s is still attached to a role.", p.Name)
		}
	}
	if len(p.Versions) > 1 && !in.CascadingDelete {
		return nil, deleteConflict("Policy.Version", "The policy %s still has versions other than the default one.", p.Name)
	}
	delete(c.account.Policies, fold(p.Name))
	return answer{}, nil
}

// policyView is a policy as answers show it; each operation leaves something out.
func (c *call) policyView(kind string, p *policy, without ...string) map[string]any {
	view := map[string]any{
		"PolicyName": p.Name, "PolicyType": kind, "Description": p.Description, "DefaultVersion": p.Default,
		"AttachmentCount": len(c.account.attachmentsTo(kind, p.Name)),
		"CreateDate":      stamp(p.Created), "UpdateDate": stamp(p.Updated),
	}
	for _, name := range without {
		delete(view, name)
	}
	return view
}
