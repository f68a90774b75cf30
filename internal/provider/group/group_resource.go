// Package group is ram_group, ram_group_membership and ram_user_group_membership.
package group

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	_ resource.ResourceWithConfigure   = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupResource)(nil)
	_ resource.ResourceWithImportState = (*groupResource)(nil)
	_ resource.ResourceWithIdentity    = (*groupResource)(nil)
	_ permission.Declarer              = (*groupResource)(nil)
)

// NewResource makes ram_group.
func NewResource() resource.Resource { return &groupResource{} }

type groupResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *groupResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetGroup},
		Create: []rpc.Operation{ramclient.OpCreateGroup},
		Update: []rpc.Operation{ramclient.OpUpdateGroup},
		Delete: []rpc.Operation{ramclient.OpDeleteGroup},
		Optional: []rpc.Operation{
			ramclient.OpListGroups, ramclient.OpGetDefaultDomain, ramclient.OpListUsersForGroup, ramclient.OpRemoveUserFromGroup,
			ramclient.OpListPoliciesForGroup, ramclient.OpListPolicyAttachments, ramclient.OpDetachPolicyFromGroup,
			ramclient.OpListGroupsForUser,
		},
	}
}

// Metadata implements resource.Resource.
func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
	resp.ResourceBehavior.MutableIdentity = true
}

// IdentitySchema implements resource.ResourceWithIdentity. The identity is the name,
// since nothing but a name leads to a group; a rename changes it.
func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name":       schemakit.IdentityName("Name of the group."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM group: users in it have its policies besides their own. It is recognised by its `group_id`, so a rename, here or in the console, " +
			"never replaces it, and another group that takes its name is not mistaken for it. Groups have no tags.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name: 1 to 64 letters, digits, `.`, `_` or `-`. A change renames the group in place.",
				Validators:          []validator.String{schemakit.GroupName()},
			},
			"display_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Display name, at most 24 characters.",
				Validators:          []validator.String{schemakit.Text(24)},
			},
			"comments": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Comments, at most 128 characters.",
				Validators:          []validator.String{schemakit.Text(128)},
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Before the group is deleted, remove its members and detach its policies (those for resource groups too), also those added outside Terraform. " +
					"The plan of the destroy lists them. Apply a change of this before removing the resource. Default: `false`.",
			},
			"group_id":    schemakit.Computed("ID of the group. It stays the same through renames."),
			"arn":         schemakit.Computed("ARN of the group: `acs:ram::<account id>:group/<name>`. It changes with the name."),
			"create_date": schemakit.Computed("When the group was created, RFC 3339."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	var plan, state groupModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}

	switch {
	case isNew && !plan.Name.IsUnknown():
		r.GroupNames.PlanCreate(plan.Name.ValueString())
	case isNew || plan.Name.Equal(state.Name):
	case plan.Name.IsUnknown():
		plan.ARN = types.StringUnknown()
	default:
		plan.ARN = types.StringValue(arn(state.AccountID.ValueString(), plan.Name.ValueString()))
		r.GroupNames.PlanRename(state.GroupID.ValueString(), state.Name.ValueString(), plan.Name.ValueString())
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planDestroy lists what a forced destroy takes along.
func (r *groupResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.ForceDestroy.ValueBool() || !r.CanCall() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	group, err := r.find(ctx, state)
	if err == nil && group.GroupID == "" {
		return
	}
	if err == nil && !r.RefuseOnSelf(ctx, destruction(group, caller.AccountID), &resp.Diagnostics) {
		return
	}
	var all []belonging
	if err == nil {
		all, err = r.belongings(ctx, caller.AccountID, group.GroupName)
	}
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Warning("list what belongs to "+object(name), err,
			"force_destroy is set, so the destroy removes whatever members and policies the group has."))
		return
	}
	if len(all) > 0 {
		resp.Diagnostics.AddWarning("Destroying "+object(name)+" removes its members and policies",
			"force_destroy is set, so these go before the group does:"+list(all))
	}
}

// Create implements resource.Resource.
func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()

	group, err := consistency.Creation[ramclient.Group]{
		Send: func(ctx context.Context) (ramclient.Group, error) {
			return r.Client.CreateGroup(ctx, plan.createInput())
		},
		Find:     func(ctx context.Context) (ramclient.Group, error) { return r.Client.GetGroup(ctx, name) },
		IsAsSent: plan.isAsPlanned,
		Created:  func(group ramclient.Group) time.Time { return group.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	if err != nil {
		resp.Diagnostics.Append(apidiag.CreateError(object(name), "ram_group", name, err))
		return
	}
	r.Recent.Saw(connection.Parent{Kind: connection.Group, Name: name})

	plan.fromAPI(group, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}

	group, err := consistency.Reading[ramclient.Group]{
		Shared: func(ctx context.Context) (ramclient.Group, error) {
			return r.FindGroup(ctx, state.GroupID.ValueString(), name, r.Reads.Group)
		},
		Direct:     func(ctx context.Context) (ramclient.Group, error) { return r.find(ctx, state) },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     state.isAsPlanned,
	}.Read(ctx, r.Clock, writtenAt)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+object(name), err))
		return
	}
	if group.GroupID == "" {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}

	state.fromAPI(group, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource. The group is found by its id first, so that no
// namesake is changed.
func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	from, to := state.Name.ValueString(), plan.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(from), &resp.Diagnostics)
	if !ok {
		return
	}

	if err := r.change(ctx, plan, state); err != nil {
		resp.Diagnostics.Append(apidiag.Error("update "+object(from), err))
		return
	}
	if from != to {
		r.Recent.Gone(connection.Parent{Kind: connection.Group, Name: from})
		r.Recent.Saw(connection.Parent{Kind: connection.Group, Name: to})
	}

	plan.ARN = types.StringValue(arn(caller.AccountID, to))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// change updates and renames the group in one request. A request whose answer was lost
// is read back.
func (r *groupResource) change(ctx context.Context, plan, state groupModel) error {
	if _, isNeeded := plan.updateInput(state, state.Name.ValueString()); !isNeeded {
		return nil
	}
	group, err := r.find(ctx, state)
	if err != nil {
		return err
	}
	if group.GroupID == "" {
		return fmt.Errorf("there is no group with ID %s any more; plan again, and it will be created", state.GroupID.ValueString())
	}
	in, _ := plan.updateInput(state, group.GroupName)
	_, err = r.Client.UpdateGroup(ctx, in)
	if ramclient.IsAmbiguous(err) {
		if found, findErr := r.find(ctx, plan); findErr == nil && plan.isAsPlanned(found) {
			return nil
		}
	}
	return err
}

// Delete implements resource.Resource. The group is found by its id first, so that no
// namesake is deleted.
func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	group, err := r.find(ctx, state)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("delete "+object(name), err))
		return
	}
	if group.GroupID == "" {
		return
	}

	if state.ForceDestroy.ValueBool() && !r.RefuseOnSelf(ctx, destruction(group, caller.AccountID), &resp.Diagnostics) {
		return
	}

	parent := connection.Parent{Kind: connection.Group, Name: group.GroupName}
	err = r.Recent.AwaitLoose(ctx, parent, func(ctx context.Context) error {
		if state.ForceDestroy.ValueBool() {
			if err := r.release(ctx, caller.AccountID, group.GroupName); err != nil {
				return err
			}
		}
		return r.Client.DeleteGroup(ctx, group.GroupName)
	})
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(r.deleteError(ctx, caller.AccountID, group.GroupName, err))
		return
	}
	r.Recent.Gone(parent)
}

// deleteError names what keeps the group from being deleted.
func (r *groupResource) deleteError(ctx context.Context, accountID, name string, err error) diag.Diagnostic {
	if !ramclient.IsDeleteConflict(err) {
		return apidiag.Error("delete "+object(name), err)
	}
	all, listErr := r.belongings(ctx, accountID, name)
	if listErr != nil || len(all) == 0 {
		return apidiag.Error("delete "+object(name), err)
	}
	return diag.NewErrorDiagnostic("Cannot delete "+object(name), apidiag.Detail(err)+"\n\nThis still belongs to the group:"+list(all))
}

// ImportState implements resource.ResourceWithImportState.
func (r *groupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "name", req, resp)
}

// find reads the group directly; see connection.FindGroup.
func (r *groupResource) find(ctx context.Context, m groupModel) (ramclient.Group, error) {
	return r.FindGroup(ctx, m.GroupID.ValueString(), m.Name.ValueString(), r.Client.GetGroup)
}

func object(name string) string { return fmt.Sprintf("RAM group %q", name) }
