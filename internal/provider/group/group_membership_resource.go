package group

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*groupMembershipResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupMembershipResource)(nil)
	_ resource.ResourceWithImportState = (*groupMembershipResource)(nil)
	_ resource.ResourceWithIdentity    = (*groupMembershipResource)(nil)
	_ permission.Declarer              = (*groupMembershipResource)(nil)
)

// NewMembershipResource makes ram_group_membership.
func NewMembershipResource() resource.Resource { return &groupMembershipResource{} }

type groupMembershipResource struct{ connection.ForResource }

type groupMembershipModel struct {
	GroupName types.String `tfsdk:"group_name"`
	UserNames types.Set    `tfsdk:"user_names"`
	GroupID   types.String `tfsdk:"group_id"`
	AccountID types.String `tfsdk:"account_id"`
}

type groupMembershipIdentity struct {
	GroupName types.String `tfsdk:"group_name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m groupMembershipModel) identity() groupMembershipIdentity {
	return groupMembershipIdentity{m.GroupName, m.AccountID}
}

func (m groupMembershipModel) label() string {
	return "the members of " + object(m.GroupName.ValueString())
}

// Permissions implements permission.Declarer.
func (r *groupMembershipResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetGroup, ramclient.OpListUsersForGroup},
		Create:   []rpc.Operation{ramclient.OpAddUserToGroup, ramclient.OpRemoveUserFromGroup},
		Update:   []rpc.Operation{ramclient.OpAddUserToGroup, ramclient.OpRemoveUserFromGroup},
		Delete:   []rpc.Operation{ramclient.OpRemoveUserFromGroup},
		Optional: []rpc.Operation{ramclient.OpListGroups, ramclient.OpGetDefaultDomain},
	}
}

// Metadata implements resource.Resource.
func (r *groupMembershipResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_membership"
	resp.ResourceBehavior.MutableIdentity = true
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *groupMembershipResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_name": schemakit.IdentityName("Name of the group."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *groupMembershipResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All members of a RAM group. Users that are in the group but not listed here are removed, also those added outside Terraform; the plan shows them. " +
			"To add a user and leave the other members alone, use `ram_user_group_membership`; do not use both for the same group.",
		Attributes: map[string]schema.Attribute{
			"group_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the group. If the group is renamed, this follows in place.",
				Validators:          []validator.String{schemakit.GroupName()},
			},
			"user_names": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of all users in the group; `[]` for none. A user can be in ten groups. Users that are renamed stay members. Destroying the resource removes these users from the group.",
				Validators:          []validator.Set{setvalidator.ValueStringsAre(schemakit.UserName())},
			},
			"group_id":   schemakit.Computed("ID of the group, by which it is recognised through renames."),
			"account_id": schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *groupMembershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state groupMembershipModel
	isNew, isGone := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !isGone {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if isGone {
		r.refuseOnSelf(ctx, state, names(ctx, state.UserNames, &resp.Diagnostics), &resp.Diagnostics)
		return
	}
	if !plan.GroupName.IsUnknown() && r.Connection != nil && len(r.Members.ClaimAll(holder(plan.GroupName.ValueString()))) > 0 {
		resp.Diagnostics.AddAttributeWarning(path.Root("group_name"), object(plan.GroupName.ValueString())+" has its members managed in two ways", mixedWarning)
	}
	wanted, known := knownNames(ctx, plan.UserNames, &resp.Diagnostics)
	switch {
	case isNew && known:
		r.planCreate(ctx, plan, wanted, &resp.Diagnostics)
	case !isNew && known:
		r.refuseOnSelf(ctx, state, without(names(ctx, state.UserNames, &resp.Diagnostics), wanted), &resp.Diagnostics)
	}
	if !isNew && r.isAnotherGroup(ctx, plan, state, &resp.Diagnostics) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("group_id"))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("group_id"), types.StringUnknown())...)
	}
}

// planCreate names those whom the resource will remove from a group that is there.
func (r *groupMembershipResource) planCreate(ctx context.Context, plan groupMembershipModel, wanted []string, diags *diag.Diagnostics) {
	if plan.GroupName.IsUnknown() || !r.CanCall() {
		return
	}
	name := plan.GroupName.ValueString()
	if _, planned := r.GroupNames.Planned(name); planned {
		return
	}
	caller, ok := r.Begin(ctx, diags)
	if !ok {
		return
	}
	members, err := r.Reads.UsersForGroup(ctx, name)
	if err != nil {
		return // Create finds out
	}
	unwanted := without(userNames(members), wanted)
	if len(unwanted) == 0 {
		return
	}
	plan.AccountID = types.StringValue(caller.AccountID)
	if r.refuseOnSelf(ctx, plan, unwanted, diags) {
		diags.AddAttributeWarning(path.Root("user_names"), "Users will be removed from "+object(name), fmt.Sprintf(
			"These are members, but not in user_names:\n- %s\nNext step: list those that are to stay.", strings.Join(unwanted, "\n- ")))
	}
}

// isAnotherGroup says whether the name in the plan is that of another group than the one
// in state, rather than a new name of the same one.
func (r *groupMembershipResource) isAnotherGroup(ctx context.Context, plan, state groupMembershipModel, diags *diag.Diagnostics) bool {
	if plan.GroupName.IsUnknown() || state.GroupID.IsNull() || r.Connection == nil {
		return false
	}
	name := plan.GroupName.ValueString()
	if id, planned := r.GroupNames.Planned(name); planned {
		return id != state.GroupID.ValueString()
	}
	if plan.GroupName.Equal(state.GroupName) || !r.CanCall() {
		return false // else Update asks who bears the name
	}
	if _, ok := r.Begin(ctx, diags); !ok {
		return false
	}
	bearer, err := r.Reads.Group(ctx, name)
	return err != nil || bearer.GroupID != state.GroupID.ValueString()
}

// refuseOnSelf keeps Terraform from removing the user that it runs as.
func (r *groupMembershipResource) refuseOnSelf(ctx context.Context, m groupMembershipModel, removed []string, diags *diag.Diagnostics) bool {
	for _, user := range removed {
		if !r.RefuseOnSelf(ctx, membership{user, m.GroupName.ValueString()}.ending("", m.AccountID.ValueString()), diags) {
			return false
		}
	}
	return true
}

// Create implements resource.Resource.
func (r *groupMembershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupMembershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	group, err := r.GroupCalled(ctx, plan.GroupName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("group_name"), "set "+plan.label(), err))
		return
	}
	plan.GroupID, plan.AccountID = types.StringValue(group.GroupID), types.StringValue(caller.AccountID)
	done, err := r.converge(ctx, plan, &resp.Diagnostics)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("set "+plan.label(), err))
	}
	if err == nil && !resp.Diagnostics.HasError() || len(done.joined) > 0 {
		if err != nil {
			plan.UserNames = setOf(done.joined) // who was there before stays when this is cleaned up
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
}

// outcome is what has been done to the members of a group.
type outcome struct{ joined, members []string }

// converge adds who is missing and removes who is not wanted, as the service has them
// now, so that users and the group may have been renamed in the same apply.
func (r *groupMembershipResource) converge(ctx context.Context, plan groupMembershipModel, diags *diag.Diagnostics) (outcome, error) {
	var done outcome
	group := plan.GroupName.ValueString()
	wanted := names(ctx, plan.UserNames, diags)
	members, err := r.members(ctx, group)
	if err != nil || diags.HasError() {
		return done, err
	}
	done.members = userNames(members)
	unwanted := without(done.members, wanted)
	if !r.refuseOnSelf(ctx, plan, unwanted, diags) {
		return done, nil
	}
	for _, user := range without(wanted, done.members) {
		if _, err := (membership{user, group}).join(ctx, r.Connection, r.isMember(user, group)); err != nil {
			return done, fmt.Errorf("add user %q: %w", user, err)
		}
		done.joined, done.members = append(done.joined, user), append(done.members, user)
	}
	for _, user := range unwanted {
		if err := (membership{user, group}).leave(ctx, r.Connection); err != nil {
			return done, fmt.Errorf("remove user %q: %w", user, err)
		}
		done.members = without(done.members, []string{user})
	}
	return done, nil
}

func (r *groupMembershipResource) isMember(user, group string) func(context.Context, string) (bool, error) {
	return func(ctx context.Context, _ string) (bool, error) {
		members, err := r.members(ctx, group)
		return slices.Contains(userNames(members), user), err
	}
}

// members reads the members directly. The service may not know a new group at once.
func (r *groupMembershipResource) members(ctx context.Context, group string) ([]ramclient.GroupMember, error) {
	var members []ramclient.GroupMember
	err := r.Recent.Await(ctx, func(ctx context.Context) error {
		members = nil
		for member, err := range r.Client.ListUsersForGroup(ctx, group) {
			if err != nil {
				return err
			}
			members = append(members, member)
		}
		return nil
	}, membership{group: group}.missingParent)
	return members, err
}

// Read implements resource.Resource.
func (r *groupMembershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupMembershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics)
	if !ok {
		return
	}
	group, err := r.FindGroup(ctx, state.GroupID.ValueString(), state.GroupName.ValueString(), r.Reads.Group)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+state.label(), err))
		return
	}
	if group.GroupID == "" {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}

	members, err := consistency.Reading[[]ramclient.GroupMember]{
		Shared: func(ctx context.Context) ([]ramclient.GroupMember, error) {
			return r.Reads.UsersForGroup(ctx, group.GroupName)
		},
		Direct:     func(ctx context.Context) ([]ramclient.GroupMember, error) { return r.members(ctx, group.GroupName) },
		IsNotFound: ramclient.IsNotFound,
		Agrees: func(members []ramclient.GroupMember) bool {
			return state.UserNames.Equal(setOf(userNames(members)))
		},
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+state.label(), err))
		return
	}
	state = groupMembershipModel{
		GroupName: types.StringValue(group.GroupName), UserNames: setOf(userNames(members)),
		GroupID: types.StringValue(group.GroupID), AccountID: types.StringValue(caller.AccountID),
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *groupMembershipResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupMembershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	if !plan.GroupName.Equal(state.GroupName) && !r.confirmRename(ctx, plan, state, &resp.Diagnostics) {
		return
	}
	done, err := r.converge(ctx, plan, &resp.Diagnostics)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("change "+plan.label(), err))
	}
	if resp.Diagnostics.HasError() {
		if done.members == nil {
			return // nothing is known, and nothing was done
		}
		plan.UserNames = setOf(done.members)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// confirmRename makes sure that the group of the new name is the same group.
func (r *groupMembershipResource) confirmRename(ctx context.Context, plan, state groupMembershipModel, diags *diag.Diagnostics) bool {
	group, err := r.GroupCalled(ctx, plan.GroupName.ValueString())
	if err != nil {
		diags.Append(apidiag.AttributeError(path.Root("group_name"), "follow the renamed group of "+state.label(), err))
		return false
	}
	if group.GroupID != state.GroupID.ValueString() {
		diags.AddAttributeError(path.Root("group_name"), "Another group bears the new name", fmt.Sprintf(
			"The members are those of the group with ID %s, but %q is the group with ID %s. Nothing was changed.\nNext step: plan again; the membership will be replaced.",
			state.GroupID.ValueString(), plan.GroupName.ValueString(), group.GroupID))
		return false
	}
	return true
}

// Delete implements resource.Resource. It removes the users in state; who joined since
// the last refresh stays.
func (r *groupMembershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupMembershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	users := names(ctx, state.UserNames, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	group, err := r.FindGroup(ctx, state.GroupID.ValueString(), state.GroupName.ValueString(), r.Client.GetGroup)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("remove "+state.label(), err))
		return
	}
	if group.GroupID == "" || !r.refuseOnSelf(ctx, state, users, &resp.Diagnostics) {
		return
	}
	for _, user := range users {
		if err := (membership{user, group.GroupName}).leave(ctx, r.Connection); err != nil {
			resp.Diagnostics.Append(apidiag.Error(fmt.Sprintf("remove RAM user %q from %s", user, object(group.GroupName)), err))
			return
		}
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *groupMembershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "group_name", req, resp)
}

func userNames(members []ramclient.GroupMember) []string {
	all := make([]string, 0, len(members))
	for _, member := range members {
		all = append(all, ramclient.UserNameOf(member.UserPrincipalName))
	}
	return all
}
