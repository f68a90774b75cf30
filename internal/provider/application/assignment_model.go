package application

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type assignmentModel struct {
	AppID         types.String `tfsdk:"app_id"`
	PrincipalType types.String `tfsdk:"principal_type"`
	PrincipalName types.String `tfsdk:"principal_name"`

	UserID    types.String `tfsdk:"user_id"`
	AccountID types.String `tfsdk:"account_id"`
}

type assignmentIdentity struct {
	AppID         types.String `tfsdk:"app_id"`
	PrincipalType types.String `tfsdk:"principal_type"`
	PrincipalName types.String `tfsdk:"principal_name"`
	AccountID     types.String `tfsdk:"account_id"`
}

func (m assignmentModel) identity() assignmentIdentity {
	return assignmentIdentity{AppID: m.AppID, PrincipalType: m.PrincipalType, PrincipalName: m.PrincipalName, AccountID: m.AccountID}
}

func (m assignmentModel) assignee() assignee {
	return assignee{m.AppID.ValueString(), ramclient.AssigneeType(m.PrincipalType.ValueString()), m.PrincipalName.ValueString()}
}

// removal is the end of the assignment, as connection.RefuseOnSelf judges it.
func (m assignmentModel) removal() connection.Change {
	change := connection.Change{What: "remove the " + m.assignee().String(), AccountID: m.AccountID.ValueString(), AppID: m.AppID.ValueString()}
	if m.isOfUser() {
		change.UserID, change.UserName = m.UserID.ValueString(), m.PrincipalName.ValueString()
	} else {
		change.RoleName = m.PrincipalName.ValueString()
	}
	return change
}

func (m assignmentModel) isOfUser() bool {
	return m.PrincipalType.ValueString() == string(ramclient.AssigneeUser)
}
