package ramclient

import (
	"cmp"
	"context"
	"iter"
)

// PolicyType tells the account's own policies from Alibaba Cloud's.
type PolicyType string

// The types of policies.
const (
	PolicyCustom PolicyType = "Custom"
	PolicySystem PolicyType = "System"
)

// PolicyRef names a policy. The same name may exist once in each type.
type PolicyRef struct {
	PolicyName string     `param:"PolicyName,required"`
	PolicyType PolicyType `param:"PolicyType,required"`
}

// Policy is a RAM policy without its document, which hangs on its versions.
type Policy struct {
	// PolicyName has 1 to 128 of letters, digits, "-".
	PolicyName string
	PolicyType PolicyType
	// Description has at most 1,024 characters. Empty if there is none.
	Description string
	// DefaultVersion is the id of the version in force, such as "v1".
	DefaultVersion string
	// AttachmentCount is 0 in the answers of CreatePolicy and UpdatePolicyDescription.
	AttachmentCount int
	CreateDate      Time
	// UpdateDate is zero in the answer of CreatePolicy.
	UpdateDate Time
	// Tags are nil except from ListPolicies; GetPolicy never tells them.
	Tags Tags
}

type policyAnswer struct{ Policy Policy }

func (a *policyAnswer) Check() error { return missing("Policy.PolicyName", a.Policy.PolicyName) }

// CreatePolicyInput is the input of CreatePolicy.
type CreatePolicyInput struct {
	PolicyName string `param:"PolicyName,required"`
	// PolicyDocument has at most 6,144 characters.
	PolicyDocument string `param:"PolicyDocument,required,body"`
	Description    string `param:"Description"`
	Tags           Tags   `param:"Tag,json"`
}

// CreatePolicy creates a custom policy with one version, v1 (RAM 2015-05-01:
// CreatePolicy). Errors: EntityAlreadyExists.Policy, LimitExceeded.Policy,
// MalformedPolicyDocument, InvalidParameter.{PolicyName,PolicyDocument,Description}.*.
func (c *Client) CreatePolicy(ctx context.Context, in CreatePolicyInput) (Policy, error) {
	var out policyAnswer
	err := c.do(ctx, OpCreatePolicy, in, &out)
	return out.Policy, err
}

// PolicyWithDocument is a policy and the version in force.
type PolicyWithDocument struct {
	Policy
	DefaultPolicyVersion PolicyVersion
}

// GetPolicy reads a policy with its default version but without its tags (RAM
// 2015-05-01: GetPolicy). Errors: EntityNotExist.Policy, InvalidParameter.PolicyType.
func (c *Client) GetPolicy(ctx context.Context, policy PolicyRef) (PolicyWithDocument, error) {
	var out getPolicyAnswer
	err := c.do(ctx, OpGetPolicy, policy, &out)
	return PolicyWithDocument{out.Policy, out.DefaultPolicyVersion}, err
}

type getPolicyAnswer struct {
	Policy               Policy
	DefaultPolicyVersion PolicyVersion
}

func (a *getPolicyAnswer) Check() error {
	return cmp.Or(
		missing("Policy.PolicyName", a.Policy.PolicyName),
		missing("DefaultPolicyVersion.VersionId", a.DefaultPolicyVersion.VersionID),
		missing("DefaultPolicyVersion.PolicyDocument", a.DefaultPolicyVersion.PolicyDocument))
}

// ListPolicies lists the policies of a type, or of both if it is empty, with their
// tags but without their documents, 1,000 a page (RAM 2015-05-01: ListPolicies).
func (c *Client) ListPolicies(ctx context.Context, policyType PolicyType) iter.Seq2[Policy, error] {
	return pages(OpListPolicies.Name, func(marker string) (page[Policy], error) { return c.policiesPage(ctx, policyType, marker) })
}

func (c *Client) policiesPage(ctx context.Context, policyType PolicyType, marker string) (page[Policy], error) {
	var out struct {
		marked
		Policies struct{ Policy []Policy }
	}
	err := c.do(ctx, OpListPolicies, struct {
		PolicyType PolicyType `param:"PolicyType"`
		Marker     string     `param:"Marker"`
		MaxItems   int        `param:"MaxItems"`
	}{policyType, marker, 1000}, &out)
	if err != nil {
		return page[Policy]{}, err
	}
	next, err := out.after(OpListPolicies.Name)
	return page[Policy]{out.Policies.Policy, next}, err
}

// UpdatePolicyDescription changes a custom policy's description (RAM 2015-05-01:
// UpdatePolicyDescription). Errors: EntityNotExist.Policy.
func (c *Client) UpdatePolicyDescription(ctx context.Context, policyName, description string) (Policy, error) {
	var out policyAnswer
	err := c.do(ctx, OpUpdatePolicyDescription, struct {
		PolicyName     string  `param:"PolicyName,required"`
		NewDescription *string `param:"NewDescription"`
	}{policyName, &description}, &out)
	return out.Policy, err
}

// DeletePolicy deletes a custom policy, with its other versions if told to (RAM
// 2015-05-01: DeletePolicy). Errors: EntityNotExist.Policy,
// DeleteConflict.Policy.{User,Group,Version}, and a conflict of its own for roles.
func (c *Client) DeletePolicy(ctx context.Context, policyName string, withVersions bool) error {
	return c.do(ctx, OpDeletePolicy, struct {
		PolicyName      string `param:"PolicyName,required"`
		CascadingDelete bool   `param:"CascadingDelete"`
	}{policyName, withVersions}, nil)
}
