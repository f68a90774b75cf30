package emulator

// ResourceManager has operations of its own on the policies of RAM ("ResourceManager
// API: CreatePolicy" and others). They differ in names, paging and what they show.
func resourceManagerPolicyOperations() []*operation {
	return []*operation{
		define(resourceManager, "CreatePolicy", write, allPolicies[rmCreatePolicy], createPolicyRM),
		define(resourceManager, "GetPolicy", read, policyARNOf[rmPolicyRef], getPolicyRM),
		define(resourceManager, "ListPolicies", read, allPolicies[rmListPolicies], listPoliciesRM),
		define(resourceManager, "DeletePolicy", write, policyARNOf[policyNamed], deletePolicyRM),
		define(resourceManager, "CreatePolicyVersion", write, policyARNOf[rmCreateVersion], createVersionRM),
		define(resourceManager, "GetPolicyVersion", read, policyARNOf[versionRef], getPolicyVersion),
		define(resourceManager, "ListPolicyVersions", read, policyARNOf[policyRef], listPolicyVersions),
		define(resourceManager, "SetDefaultPolicyVersion", write, policyARNOf[versionNamed], setDefaultPolicyVersion),
		define(resourceManager, "DeletePolicyVersion", write, policyARNOf[versionNamed], deletePolicyVersion),
	}
}

type rmCreatePolicy struct {
	policyNamed
	PolicyDocument string `param:",required"`
	Description    string
}

func createPolicyRM(c *call, in rmCreatePolicy) (answer, *apiError) {
	return createPolicy(c, createPolicyInput{policyNamed: in.policyNamed, PolicyDocument: in.PolicyDocument, Description: in.Description})
}

type rmPolicyRef struct {
	policyRef
	Language string // of the description; there is but one
}

// getPolicyRM has the document in the policy, not in a version beside it.
func getPolicyRM(c *call, in rmPolicyRef) (answer, *apiError) {
	out, refused := getPolicy(c, in.policyRef)
	delete(out, "DefaultPolicyVersion")
	return out, refused
}

type rmListPolicies struct {
	PolicyType string
	Language   string // of descriptions; there is but one
	numberedPage
}

func listPoliciesRM(c *call, in rmListPolicies) (answer, *apiError) {
	type row struct {
		kind string
		*policy
	}
	var rows []row
	if in.PolicyType != "" {
		if refused := checkPolicyType(in.PolicyType); refused != nil {
			return nil, refused
		}
	}
	if in.PolicyType != policySystem {
		for _, p := range inOrder(c.account.Policies) {
			rows = append(rows, row{policyCustom, p})
		}
	}
	if in.PolicyType != policyCustom {
		for _, p := range inOrder(systemPolicies) {
			rows = append(rows, row{policySystem, p})
		}
	}
	return numbered(c, in.numberedPage, rows, "Policies", "Policy", func(r row) map[string]any { return c.policyView(r.kind, r.policy) })
}

// deletePolicyRM never deletes versions along with the policy.
func deletePolicyRM(c *call, in policyNamed) (answer, *apiError) {
	return deletePolicy(c, deletePolicyInput{policyNamed: in})
}

type rmCreateVersion struct {
	policyNamed
	PolicyDocument string `param:",required"`
	SetAsDefault   bool
}

// createVersionRM never makes room: a sixth version is refused. It does not repeat the
// document.
func createVersionRM(c *call, in rmCreateVersion) (answer, *apiError) {
	out, refused := createPolicyVersion(c, createVersionInput{policyNamed: in.policyNamed, PolicyDocument: in.PolicyDocument, SetAsDefault: in.SetAsDefault})
	if refused != nil {
		return nil, refused
	}
	view, _ := out["PolicyVersion"].(map[string]any)
	delete(view, "PolicyDocument")
	return out, nil
}
