package policy

import (
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/document"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type policyModel struct {
	Name           types.String   `tfsdk:"name"`
	PolicyDocument document.Value `tfsdk:"policy_document"`
	Description    types.String   `tfsdk:"description"`
	KeepVersions   types.Int64    `tfsdk:"keep_versions"`
	Tags           types.Map      `tfsdk:"tags"`
	TagsAll        types.Map      `tfsdk:"tags_all"`
	ForceDestroy   types.Bool     `tfsdk:"force_destroy"`

	ARN             types.String `tfsdk:"arn"`
	DefaultVersion  types.String `tfsdk:"default_version"`
	AttachmentCount types.Int64  `tfsdk:"attachment_count"`
	CreateDate      types.String `tfsdk:"create_date"`
	AccountID       types.String `tfsdk:"account_id"`
}

type policyIdentity struct {
	Name      types.String `tfsdk:"name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m policyModel) identity() policyIdentity {
	return policyIdentity{Name: m.Name, AccountID: m.AccountID}
}

// keeps is how many versions the policy may have.
func (m policyModel) keeps() int {
	if m.KeepVersions.IsNull() {
		return maxVersions
	}
	return int(m.KeepVersions.ValueInt64())
}

func (m policyModel) createInput() ramclient.CreatePolicyInput {
	return ramclient.CreatePolicyInput{
		PolicyName:     m.Name.ValueString(),
		PolicyDocument: m.PolicyDocument.ValueString(),
		Description:    m.Description.ValueString(),
		Tags:           tagging.Strings(m.TagsAll),
	}
}

// created is the policy that the answer of CreatePolicy describes. The answer leaves the
// document out, and says nothing of attachments: there are none yet.
func (m policyModel) created(answer ramclient.Policy) ramclient.PolicyWithDocument {
	return ramclient.PolicyWithDocument{
		Policy: answer,
		DefaultPolicyVersion: ramclient.PolicyVersion{
			VersionID: answer.DefaultVersion, IsDefaultVersion: true,
			PolicyDocument: m.PolicyDocument.ValueString(), CreateDate: answer.CreateDate,
		},
	}
}

// isAsPlanned says whether the service shows what was planned.
func (m policyModel) isAsPlanned(policy ramclient.PolicyWithDocument) bool {
	return m.PolicyDocument.SameMeaning(inForce(policy)) &&
		m.Description.ValueString() == policy.Description &&
		maps.Equal(policy.Tags, tagging.Strings(m.TagsAll))
}

// fromAPI takes over what the service says, except tags.
func (m *policyModel) fromAPI(policy ramclient.PolicyWithDocument, accountID string) {
	m.Name = types.StringValue(policy.PolicyName)
	m.PolicyDocument = inForce(policy)
	m.Description = schemakit.StringOrNull(policy.Description)
	m.ARN = types.StringValue(arn(ramclient.PolicyCustom, policy.PolicyName, accountID))
	m.DefaultVersion = types.StringValue(policy.DefaultPolicyVersion.VersionID)
	m.AttachmentCount = types.Int64Value(int64(policy.AttachmentCount))
	m.CreateDate = types.StringValue(policy.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}

// inForce is the document of the default version.
func inForce(policy ramclient.PolicyWithDocument) document.Value {
	return document.NewValue(document.Policy, policy.DefaultPolicyVersion.PolicyDocument)
}

// arn is the ARN of a policy. Those of Alibaba Cloud belong to no account (RAM API:
// "Resource types", policy).
func arn(policyType ramclient.PolicyType, name, accountID string) string {
	owner := accountID
	if policyType == ramclient.PolicySystem {
		owner = "system"
	}
	return fmt.Sprintf("acs:ram::%s:policy/%s", owner, name)
}
