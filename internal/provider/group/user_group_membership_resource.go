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
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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
	_ resource.ResourceWithConfigure   = (*userGroupMembershipResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userGroupMembershipResource)(nil)
	_ resource.ResourceWithImportState = (*userGroupMembershipResource)(nil)
	_ resource.ResourceWithIdentity    = (*userGroupMembershipResource)(nil)
	_ permission.Declarer              = (*userGroupMembershipResource)(nil)
)

// NewUserMembershipResource makes ram_user_group_membership.
func NewUserMembershipResource() resource.Resource { return &userGroupMembershipResource{} }

type userGroupMembershipResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *userGroupMembershipResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetUser, ramclient.OpListGroupsForUser},
		Create:   []rpc.Operation{ramclient.OpAddUserToGroup},
		Update:   []rpc.Operation{ramclient.OpAddUserToGroup, ramclient.OpRemoveUserFromGroup},
		Delete:   []rpc.Operation{ramclient.OpRemoveUserFromGroup},
		Optional: []rpc.Operation{ramclient.OpListUsers, ramclient.OpGetDefaultDomain},
	}
}

// Metadata implements resource.Resource.
func (r *userGroupMembershipResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_group_membership"
	resp.ResourceBehavior.MutableIdentity = true
}

// IdentitySchema implements resource.ResourceWithIdentity. Several resources can add
// groups to one user, so the groups belong to the identity.
func (r *userGroupMembershipResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name": schemakit.IdentityName("Name of the user."),
		"group_names": identityschema.ListAttribute{
			RequiredForImport: true, ElementType: types.StringType, Description: "Names of the groups, in alphabetical order.",
		},
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *userGroupMembershipResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Puts a RAM user into groups. It adds to the groups that the user is in from elsewhere, and takes the user only out of those that it put it into. " +
			"To manage all members of a group, use `ram_group_membership`; do not use both for the same group.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user. If the user is renamed, this follows in place.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"group_names": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the groups. A user can be in ten groups. If one is renamed, the membership follows.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(schemakit.GroupName())},
			},
			"user_id": schemakit.Computed("ID of the user, by which it is recognised through renames."),
			"group_ids": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "IDs of the groups by their names. By them they are recognised through renames.",
			},
			"account_id": schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *userGroupMembershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state userGroupMembershipModel
	isNew, isGone := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !isGone {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() || r.Connection == nil {
		return
	}
	if isGone {
		r.refuseOnSelf(ctx, state, names(ctx, state.GroupNames, &resp.Diagnostics), &resp.Diagnostics)
		return
	}
	wanted, known := knownNames(ctx, plan.GroupNames, &resp.Diagnostics)
	for _, group := range wanted {
		if r.Members.ClaimOne(holder(group), plan.UserName.ValueString()) {
			resp.Diagnostics.AddAttributeWarning(path.Root("group_names"), object(group)+" has its members managed in two ways", mixedWarning)
		}
	}
	if isNew {
		return
	}
	if r.IsAnotherUser(ctx, plan.UserName, state.UserName, state.UserID, &resp.Diagnostics) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("user_id"))
		plan.UserID, plan.GroupIDs = types.StringUnknown(), types.MapUnknown(types.StringType)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	if !known {
		return
	}
	r.refuseOnSelf(ctx, state, without(names(ctx, state.GroupNames, &resp.Diagnostics), wanted), &resp.Diagnostics)
	plan.GroupIDs = state.GroupIDs
	if !plan.GroupNames.Equal(state.GroupNames) || slices.ContainsFunc(wanted, func(group string) bool { return r.isAnotherGroup(group, state) }) {
		plan.GroupIDs = types.MapUnknown(types.StringType)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// isAnotherGroup says whether this run gives the name to another group than the one that
// the user was put into.
func (r *userGroupMembershipResource) isAnotherGroup(name string, state userGroupMembershipModel) bool {
	id, planned := r.GroupNames.Planned(name)
	return planned && !types.StringValue(id).Equal(state.GroupIDs.Elements()[name])
}

// refuseOnSelf keeps Terraform from taking the user that it runs as out of groups.
func (r *userGroupMembershipResource) refuseOnSelf(ctx context.Context, m userGroupMembershipModel, groups []string, diags *diag.Diagnostics) bool {
	if len(groups) == 0 {
		return true
	}
	all := membership{m.UserName.ValueString(), strings.Join(groups, ", ")}
	return r.RefuseOnSelf(ctx, all.ending(m.UserID.ValueString(), m.AccountID.ValueString()), diags)
}

// Create implements resource.Resource.
func (r *userGroupMembershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userGroupMembershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	user, err := r.UserCalled(ctx, plan.UserName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "add to "+plan.label(), err))
		return
	}
	plan.UserID, plan.AccountID = types.StringValue(user.UserID), types.StringValue(caller.AccountID)

	wanted := names(ctx, plan.GroupNames, &resp.Diagnostics)
	joined := r.join(ctx, plan, wanted, true, &resp.Diagnostics)
	if len(joined) > 0 {
		r.record(ctx, plan, user.UserPrincipalName, joined, sink{&resp.State, resp.Identity, resp.Private}, &resp.Diagnostics)
	}
}

// join puts the user into groups, and returns those that it is in then.
func (r *userGroupMembershipResource) join(ctx context.Context, m userGroupMembershipModel, groups []string, warn bool, diags *diag.Diagnostics) []string {
	var joined []string
	for _, group := range groups {
		one := membership{m.UserName.ValueString(), group}
		foreign, err := one.join(ctx, r.Connection, func(ctx context.Context, principalName string) (bool, error) {
			groups, err := r.Client.ListGroupsForUser(ctx, principalName)
			return slices.Contains(groupNames(groups), group), err
		})
		if err != nil {
			diags.Append(apidiag.AttributeError(path.Root("group_names"), "put "+one.String(), err))
			return joined
		}
		if foreign && warn {
			diags.AddWarning("The user was in the group already",
				"Before Terraform did anything, "+one.String()+" was there. It is managed here from now on: destroying this resource removes the user from the group.")
		}
		joined = append(joined, group)
	}
	return joined
}

// A sink is where the outcome goes.
type sink struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	private  consistency.PrivateState
}

// record stores the groups that the user is in now, with their ids, for which it waits
// until the service shows them. What it does not show has no id, and the next read adds it.
func (r *userGroupMembershipResource) record(ctx context.Context, m userGroupMembershipModel, principalName string, in []string, to sink, diags *diag.Diagnostics) {
	var shown []ramclient.UserGroup
	err := consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		groups, err := r.Client.ListGroupsForUser(ctx, principalName)
		if ramclient.IsNotFound(err) {
			return false, nil // a new user, which the service does not know everywhere yet
		}
		shown = among(groups, in)
		return len(shown) == len(in), err
	})
	if err != nil {
		diags.Append(apidiag.Warning("read "+m.label()+" after the change", err, "The change is made. The next plan reads the groups again."))
	}
	m.take(shown)
	m.GroupNames = setOf(in)
	diags.Append(to.state.Set(ctx, m)...)
	diags.Append(to.identity.Set(ctx, m.identity(in))...)
	diags.Append(consistency.RecordWrite(ctx, to.private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *userGroupMembershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userGroupMembershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	before := names(ctx, state.GroupNames, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics)
	if !ok {
		return
	}
	user, err := r.FollowUser(ctx, state.UserID.ValueString(), state.UserName.ValueString(), r.Reads.User)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the user of "+state.label(), err))
		return
	}
	if user.UserID == "" {
		schemakit.Gone(ctx, state.identity(before), resp)
		return
	}

	groups, err := consistency.Reading[[]ramclient.UserGroup]{
		Shared: func(ctx context.Context) ([]ramclient.UserGroup, error) {
			return r.Reads.GroupsForUser(ctx, user.UserPrincipalName)
		},
		Direct: func(ctx context.Context) ([]ramclient.UserGroup, error) {
			return r.Client.ListGroupsForUser(ctx, user.UserPrincipalName)
		},
		IsNotFound: ramclient.IsNotFound,
		Agrees:     func(groups []ramclient.UserGroup) bool { return len(among(groups, before)) == len(before) },
	}.Read(ctx, r.Clock, writtenAt)
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("read "+state.label(), err))
		return
	}
	held := slices.DeleteFunc(slices.Clone(groups), func(group ramclient.UserGroup) bool {
		return !state.holds(group)
	})
	if len(held) == 0 {
		schemakit.Gone(ctx, state.identity(before), resp)
		return
	}
	state.UserName, state.UserID, state.AccountID = types.StringValue(user.UserName), types.StringValue(user.UserID), types.StringValue(caller.AccountID)
	state.take(held)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity(groupNames(held)))...)
}

// Update implements resource.Resource.
func (r *userGroupMembershipResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userGroupMembershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	wanted := names(ctx, plan.GroupNames, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	user, err := r.UserCalled(ctx, plan.UserName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "change "+plan.label(), err))
		return
	}
	if user.UserID != state.UserID.ValueString() {
		resp.Diagnostics.AddAttributeError(path.Root("user_name"), "Another user bears the new name", fmt.Sprintf(
			"The groups are those of the user with ID %s, but %q is the user with ID %s. Nothing was changed.\nNext step: plan again; the membership will be replaced.",
			state.UserID.ValueString(), plan.UserName.ValueString(), user.UserID))
		return
	}
	present, err := r.Client.ListGroupsForUser(ctx, user.UserPrincipalName)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+plan.label(), err))
		return
	}

	in := slices.DeleteFunc(groupNames(present), func(group string) bool { return !slices.Contains(wanted, group) })
	in = append(in, r.join(ctx, plan, without(wanted, in), false, &resp.Diagnostics)...)
	surplus := slices.DeleteFunc(slices.Clone(present), func(group ramclient.UserGroup) bool {
		return !state.holds(group) || slices.Contains(wanted, group.GroupName)
	})
	if !resp.Diagnostics.HasError() {
		surplus = r.leave(ctx, plan, surplus, &resp.Diagnostics)
	}
	in = append(in, groupNames(surplus)...)
	r.record(ctx, plan, user.UserPrincipalName, in, sink{&resp.State, resp.Identity, resp.Private}, &resp.Diagnostics)
}

// leave takes the user out of groups, and returns those that it is still in.
func (r *userGroupMembershipResource) leave(ctx context.Context, m userGroupMembershipModel, groups []ramclient.UserGroup, diags *diag.Diagnostics) []ramclient.UserGroup {
	if !r.refuseOnSelf(ctx, m, groupNames(groups), diags) {
		return groups
	}
	for i, group := range groups {
		one := membership{m.UserName.ValueString(), group.GroupName}
		if err := one.leave(ctx, r.Connection); err != nil {
			diags.Append(apidiag.Error(fmt.Sprintf("remove RAM user %q from %s", one.user, object(one.group)), err))
			return groups[i:]
		}
	}
	return nil
}

// Delete implements resource.Resource.
func (r *userGroupMembershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userGroupMembershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), state.label(), &resp.Diagnostics); !ok {
		return
	}
	user, err := r.FollowUser(ctx, state.UserID.ValueString(), state.UserName.ValueString(), r.Client.GetUser)
	if err == nil && user.UserID == "" {
		return
	}
	var present []ramclient.UserGroup
	if err == nil {
		present, err = r.Client.ListGroupsForUser(ctx, user.UserPrincipalName)
	}
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("read "+state.label(), err))
		return
	}
	state.UserName = types.StringValue(user.UserName)
	r.leave(ctx, state, slices.DeleteFunc(present, func(group ramclient.UserGroup) bool { return !state.holds(group) }), &resp.Diagnostics)
}

// ImportState implements resource.ResourceWithImportState.
func (r *userGroupMembershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID == "" {
		var identity userGroupMembershipIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_name"), identity.UserName)...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("group_names"), types.SetValueMust(types.StringType, identity.GroupNames.Elements()))...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), identity.AccountID)...)
		return
	}
	user, groups, _ := strings.Cut(req.ID, "/")
	all := strings.Split(groups, "/")
	if user == "" || slices.Contains(all, "") {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"Expected an import ID of the form <user_name>/<group_name>, with as many groups as the resource has, such as \"ci/developers/auditors\", but received %q.", req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_name"), user)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("group_names"), all)...)
}
