package group

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type userGroupMembershipModel struct {
	UserName   types.String `tfsdk:"user_name"`
	GroupNames types.Set    `tfsdk:"group_names"`
	UserID     types.String `tfsdk:"user_id"`
	GroupIDs   types.Map    `tfsdk:"group_ids"`
	AccountID  types.String `tfsdk:"account_id"`
}

type userGroupMembershipIdentity struct {
	UserName   types.String `tfsdk:"user_name"`
	GroupNames types.List   `tfsdk:"group_names"`
	AccountID  types.String `tfsdk:"account_id"`
}

func (m userGroupMembershipModel) identity(groupNames []string) userGroupMembershipIdentity {
	return userGroupMembershipIdentity{UserName: m.UserName, GroupNames: listOf(groupNames), AccountID: m.AccountID}
}

func (m userGroupMembershipModel) label() string {
	return "the groups of RAM user \"" + m.UserName.ValueString() + "\""
}

// holds says whether the group is one of those that the resource put the user into: by
// its id, so that a rename is followed; by its name as long as that is all that is known.
func (m userGroupMembershipModel) holds(group ramclient.UserGroup) bool {
	ids := m.GroupIDs.Elements()
	for _, id := range ids {
		if id.Equal(types.StringValue(group.GroupID)) {
			return true
		}
	}
	_, hasID := ids[group.GroupName]
	return !hasID && slices.ContainsFunc(m.GroupNames.Elements(), types.StringValue(group.GroupName).Equal)
}

// take makes the groups those of the model.
func (m *userGroupMembershipModel) take(groups []ramclient.UserGroup) {
	ids := map[string]attr.Value{}
	for _, group := range groups {
		ids[group.GroupName] = types.StringValue(group.GroupID)
	}
	m.GroupNames, m.GroupIDs = setOf(groupNames(groups)), types.MapValueMust(types.StringType, ids)
}

func groupNames(groups []ramclient.UserGroup) []string {
	all := make([]string, 0, len(groups))
	for _, group := range groups {
		all = append(all, group.GroupName)
	}
	slices.Sort(all)
	return all
}

func listOf(names []string) types.List {
	elements := make([]attr.Value, 0, len(names))
	for _, name := range names {
		elements = append(elements, types.StringValue(name))
	}
	return types.ListValueMust(types.StringType, elements)
}

// among keeps the groups that the names name.
func among(groups []ramclient.UserGroup, names []string) []ramclient.UserGroup {
	return slices.DeleteFunc(slices.Clone(groups), func(group ramclient.UserGroup) bool { return !slices.Contains(names, group.GroupName) })
}
