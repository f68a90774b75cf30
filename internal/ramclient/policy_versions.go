package ramclient

import "context"

// PolicyVersion is one document of a policy. A policy keeps at most five.
type PolicyVersion struct {
	// VersionID is "v1", "v2", …; ids are not used again.
	VersionID        string `json:"VersionId"`
	IsDefaultVersion bool
	PolicyDocument   string
	CreateDate       Time
}

type policyVersionAnswer struct{ PolicyVersion PolicyVersion }

func (a *policyVersionAnswer) Check() error {
	return missing("PolicyVersion.VersionId", a.PolicyVersion.VersionID)
}

// CreatePolicyVersionInput is the input of CreatePolicyVersion.
type CreatePolicyVersionInput struct {
	PolicyName string `param:"PolicyName,required"`
	// PolicyDocument has at most 6,144 characters.
	PolicyDocument string `param:"PolicyDocument,required,body"`
	// SetAsDefault puts the new version in force.
	SetAsDefault bool `param:"SetAsDefault"`
	// RotateStrategy says what to do about the limit of five versions; empty is None.
	RotateStrategy RotateStrategy `param:"RotateStrategy"`
}

// RotateStrategy is what CreatePolicyVersion does when a policy has five versions.
type RotateStrategy string

// The strategies. RotateNone answers LimitExceeded.Policy.Version.
const (
	RotateNone         RotateStrategy = "None"
	RotateDeleteOldest RotateStrategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
)

// CreatePolicyVersion adds a document to a custom policy (RAM 2015-05-01:
// CreatePolicyVersion). Errors: EntityNotExist.Policy, LimitExceeded.Policy.Version,
// MalformedPolicyDocument, InvalidParameter.PolicyDocument.Length.
func (c *Client) CreatePolicyVersion(ctx context.Context, in CreatePolicyVersionInput) (PolicyVersion, error) {
	var out policyVersionAnswer
	err := c.do(ctx, OpCreatePolicyVersion, in, &out)
	return out.PolicyVersion, err
}

// ListPolicyVersions lists all documents of a policy (RAM 2015-05-01:
// ListPolicyVersions). Errors: EntityNotExist.Policy.
func (c *Client) ListPolicyVersions(ctx context.Context, policy PolicyRef) ([]PolicyVersion, error) {
	var out struct {
		PolicyVersions struct{ PolicyVersion []PolicyVersion }
	}
	err := c.do(ctx, OpListPolicyVersions, policy, &out)
	return out.PolicyVersions.PolicyVersion, err
}

// policyVersionRef names a version of a custom policy.
type policyVersionRef struct {
	PolicyName string `param:"PolicyName,required"`
	VersionID  string `param:"VersionId,required"`
}

// SetDefaultPolicyVersion puts a version of a custom policy in force (RAM 2015-05-01:
// SetDefaultPolicyVersion). Errors: EntityNotExist.Policy, EntityNotExist.Policy.Version.
func (c *Client) SetDefaultPolicyVersion(ctx context.Context, policyName, versionID string) error {
	return c.do(ctx, OpSetDefaultPolicyVersion, policyVersionRef{policyName, versionID}, nil)
}

// DeletePolicyVersion deletes a version that is not in force (RAM 2015-05-01:
// DeletePolicyVersion). Errors: EntityNotExist.Policy, EntityNotExist.Policy.Version,
// DeleteConflict.Policy.Version.Default.
func (c *Client) DeletePolicyVersion(ctx context.Context, policyName, versionID string) error {
	return c.do(ctx, OpDeletePolicyVersion, policyVersionRef{policyName, versionID}, nil)
}
