package group

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type groupModel struct {
	Name         types.String `tfsdk:"name"`
	DisplayName  types.String `tfsdk:"display_name"`
	Comments     types.String `tfsdk:"comments"`
	ForceDestroy types.Bool   `tfsdk:"force_destroy"`

	GroupID    types.String `tfsdk:"group_id"`
	ARN        types.String `tfsdk:"arn"`
	CreateDate types.String `tfsdk:"create_date"`
	AccountID  types.String `tfsdk:"account_id"`
}

type groupIdentity struct {
	Name      types.String `tfsdk:"name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m groupModel) identity() groupIdentity {
	return groupIdentity{Name: m.Name, AccountID: m.AccountID}
}

func (m groupModel) createInput() ramclient.CreateGroupInput {
	return ramclient.CreateGroupInput{
		GroupName:   m.Name.ValueString(),
		DisplayName: m.DisplayName.ValueString(),
		Comments:    m.Comments.ValueString(),
	}
}

// updateInput asks only for what differs from the prior state; ok is false if nothing
// does. The group is called by the name that it has now.
func (m groupModel) updateInput(prior groupModel, nameNow string) (in ramclient.UpdateGroupInput, ok bool) {
	in = ramclient.UpdateGroupInput{GroupName: nameNow}
	change := func(field **string, to, from string) {
		if to != from {
			*field, ok = &to, true
		}
	}
	change(&in.NewGroupName, m.Name.ValueString(), nameNow)
	change(&in.NewDisplayName, m.DisplayName.ValueString(), prior.DisplayName.ValueString()) // null clears, as "" does
	change(&in.NewComments, m.Comments.ValueString(), prior.Comments.ValueString())
	return in, ok
}

// isAsPlanned says whether the service shows what was planned.
func (m groupModel) isAsPlanned(group ramclient.Group) bool {
	return m.Name.ValueString() == group.GroupName &&
		m.DisplayName.ValueString() == group.DisplayName &&
		m.Comments.ValueString() == group.Comments
}

// fromAPI takes over what the service says.
func (m *groupModel) fromAPI(group ramclient.Group, accountID string) {
	m.Name = types.StringValue(group.GroupName)
	m.DisplayName = schemakit.StringOrNull(group.DisplayName)
	m.Comments = schemakit.StringOrNull(group.Comments)
	m.GroupID = types.StringValue(group.GroupID)
	m.ARN = types.StringValue(arn(accountID, group.GroupName))
	m.CreateDate = types.StringValue(group.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}

// arn spells the name of a group as policies do (RAM help, "ARN of RAM").
func arn(accountID, groupName string) string {
	return "acs:ram::" + accountID + ":group/" + groupName
}
