package emulator

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	policylang "github.com/ramprovider/terraform-provider-ram/internal/policy"
)

func policyVersionOperations() []*operation {
	return []*operation{
		define(ram, "CreatePolicyVersion", write, policyARNOf[createVersionInput], createPolicyVersion),
		define(ram, "GetPolicyVersion", read, policyARNOf[versionRef], getPolicyVersion),
		define(ram, "ListPolicyVersions", read, policyARNOf[policyRef], listPolicyVersions),
		define(ram, "SetDefaultPolicyVersion", write, policyARNOf[versionNamed], setDefaultPolicyVersion),
		define(ram, "DeletePolicyVersion", write, policyARNOf[versionNamed], deletePolicyVersion),
	}
}

// versionNamed names a version of a custom policy.
type versionNamed struct {
	policyNamed
	VersionID string `param:"VersionId,required"`
}

func (in versionNamed) find(c *call) (*policy, *policyVersion, *apiError) {
	return c.policyVersion(policyCustom, in.PolicyName, in.VersionID)
}

// versionRef names a version of a policy of either type.
type versionRef struct {
	policyRef
	VersionID string `param:"VersionId,required"`
}

var versionFormat = regexp.MustCompile(`^v[1-9][0-9]*$`)

func (c *call) policyVersion(kind, name, id string) (*policy, *policyVersion, *apiError) {
	if !versionFormat.MatchString(id) {
		return nil, nil, invalidParameter("VersionId.Format", "VersionId must be v and a number: %s.", id)
	}
	p, refused := c.policy(kind, name)
	if refused != nil {
		return nil, nil, refused
	}
	if version := p.version(id); version != nil {
		return p, version, nil
	}
	return nil, nil, notExist("Policy.Version", "The policy %s has no version %s.", p.Name, id)
}

// version is a version by its id, or nil.
func (p *policy) version(id string) *policyVersion {
	for _, version := range p.Versions {
		if version.ID == id {
			return version
		}
	}
	return nil
}

// document is the one in force: that of the default version.
func (p *policy) document() string { return p.version(p.Default).Document }

// add appends a version under the next id; ids are never used again.
func (p *policy) add(document string, now time.Time) *policyVersion {
	p.LastVersion++
	version := &policyVersion{ID: fmt.Sprint("v", p.LastVersion), Document: document, Created: now}
	p.Versions = append(p.Versions, version)
	return version
}

func (p *policy) remove(version *policyVersion) {
	p.Versions = slices.DeleteFunc(p.Versions, func(v *policyVersion) bool { return v == version })
}

// CreatePolicyVersion.

type createVersionInput struct {
	policyNamed
	PolicyDocument string `param:",required"`
	SetAsDefault   bool
	RotateStrategy string
}

const (
	rotateNone   = "None"
	rotateOldest = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
)

func createPolicyVersion(c *call, in createVersionInput) (answer, *apiError) {
	p, refused := in.find(c)
	if refused := first(refused, checkDocument("PolicyDocument", in.PolicyDocument, policylang.ValidateIdentity)); refused != nil {
		return nil, refused
	}
	if in.RotateStrategy != "" && in.RotateStrategy != rotateNone && in.RotateStrategy != rotateOldest {
		return nil, invalidParameter("RotateStrategy", "RotateStrategy must be %s or %s.", rotateNone, rotateOldest)
	}
	if len(p.Versions) >= maxPolicyVersions {
		if in.RotateStrategy != rotateOldest {
			return nil, limitExceeded("Policy.Version", maxPolicyVersions)
		}
		oldest := slices.IndexFunc(p.Versions, func(v *policyVersion) bool { return v.ID != p.Default })
		p.remove(p.Versions[oldest])
	}
	version := p.add(in.PolicyDocument, c.now)
	p.Updated = c.now
	if in.SetAsDefault {
		p.Default = version.ID
	}
	return answer{"PolicyVersion": c.versionView(p, version)}, nil
}

func getPolicyVersion(c *call, in versionRef) (answer, *apiError) {
	p, version, refused := c.policyVersion(in.PolicyType, in.PolicyName, in.VersionID)
	if refused != nil {
		return nil, refused
	}
	return answer{"PolicyVersion": c.versionView(p, version)}, nil
}

func listPolicyVersions(c *call, in policyRef) (answer, *apiError) {
	p, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return listed("PolicyVersions", "PolicyVersion", p.Versions, func(v *policyVersion) any { return c.versionView(p, v) }), nil
}

func setDefaultPolicyVersion(c *call, in versionNamed) (answer, *apiError) {
	p, version, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	p.Default, p.Updated = version.ID, c.now
	return answer{}, nil
}

func deletePolicyVersion(c *call, in versionNamed) (answer, *apiError) {
	p, version, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	if version.ID == p.Default {
		return nil, deleteConflict("Policy.Version.Default", "%s is the default version of the policy %s.", version.ID, p.Name)
	}
	p.remove(version)
	p.Updated = c.now
	return answer{}, nil
}

func (c *call) versionView(p *policy, v *policyVersion) map[string]any {
	return map[string]any{
		"VersionId": v.ID, "IsDefaultVersion": v.ID == p.Default,
		"PolicyDocument": c.document(v.Document), "CreateDate": stamp(v.Created),
	}
}
