package role

import (
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/document"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type roleModel struct {
	Name                     types.String   `tfsdk:"name"`
	AssumeRolePolicyDocument document.Value `tfsdk:"assume_role_policy_document"`
	Description              types.String   `tfsdk:"description"`
	MaxSessionDuration       types.Int64    `tfsdk:"max_session_duration"`
	Tags                     types.Map      `tfsdk:"tags"`
	TagsAll                  types.Map      `tfsdk:"tags_all"`
	ForceDestroy             types.Bool     `tfsdk:"force_destroy"`

	RoleID     types.String `tfsdk:"role_id"`
	ARN        types.String `tfsdk:"arn"`
	CreateDate types.String `tfsdk:"create_date"`
	AccountID  types.String `tfsdk:"account_id"`
}

type roleIdentity struct {
	Name      types.String `tfsdk:"name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m roleModel) identity() roleIdentity {
	return roleIdentity{Name: m.Name, AccountID: m.AccountID}
}

// destruction is what destroying the role takes from whoever acts in it.
func (m roleModel) destruction() connection.Change {
	return connection.Change{
		What: "destroy " + object(m.Name.ValueString()), AccountID: m.AccountID.ValueString(), RoleName: m.Name.ValueString(),
	}
}

func (m roleModel) createInput() ramclient.CreateRoleInput {
	return ramclient.CreateRoleInput{
		RoleName:                 m.Name.ValueString(),
		AssumeRolePolicyDocument: m.AssumeRolePolicyDocument.ValueString(),
		Description:              m.Description.ValueString(),
		MaxSessionDuration:       int(m.MaxSessionDuration.ValueInt64()),
		Tags:                     tagging.Strings(m.TagsAll),
	}
}

// updateInput asks only for what differs from the prior state; ok is false if nothing does.
func (m roleModel) updateInput(prior roleModel) (in ramclient.UpdateRoleInput, ok bool) {
	in = ramclient.UpdateRoleInput{RoleName: m.Name.ValueString()}
	if !m.AssumeRolePolicyDocument.Equal(prior.AssumeRolePolicyDocument) {
		in.NewAssumeRolePolicyDocument, ok = m.AssumeRolePolicyDocument.ValueString(), true
	}
	if !m.Description.Equal(prior.Description) {
		description := m.Description.ValueString() // null clears, as "" does
		in.NewDescription, ok = &description, true
	}
	if !m.MaxSessionDuration.Equal(prior.MaxSessionDuration) {
		in.NewMaxSessionDuration, ok = int(m.MaxSessionDuration.ValueInt64()), true
	}
	return in, ok
}

// isAsPlanned says whether the service shows what was planned.
func (m roleModel) isAsPlanned(role ramclient.Role) bool {
	onServer := document.NewValue(document.Trust, role.AssumeRolePolicyDocument)
	return m.AssumeRolePolicyDocument.SameMeaning(onServer) &&
		m.Description.ValueString() == role.Description &&
		m.MaxSessionDuration.ValueInt64() == int64(role.MaxSessionDuration) &&
		maps.Equal(role.Tags, tagging.Strings(m.TagsAll))
}

// fromAPI takes over what the service says, except tags.
func (m *roleModel) fromAPI(role ramclient.Role, accountID string) {
	m.Name = types.StringValue(role.RoleName)
	m.AssumeRolePolicyDocument = document.NewValue(document.Trust, role.AssumeRolePolicyDocument)
	m.Description = schemakit.StringOrNull(role.Description)
	m.MaxSessionDuration = types.Int64Value(int64(role.MaxSessionDuration))
	m.RoleID = types.StringValue(role.RoleID)
	m.ARN = types.StringValue(role.ARN)
	m.CreateDate = types.StringValue(role.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}
