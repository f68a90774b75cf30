package application

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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
	_ resource.ResourceWithConfigure      = (*assignmentResource)(nil)
	_ resource.ResourceWithValidateConfig = (*assignmentResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*assignmentResource)(nil)
	_ resource.ResourceWithImportState    = (*assignmentResource)(nil)
	_ resource.ResourceWithIdentity       = (*assignmentResource)(nil)
	_ permission.Declarer                 = (*assignmentResource)(nil)
)

// NewAssignmentResource makes ram_application_assignment.
func NewAssignmentResource() resource.Resource { return &assignmentResource{} }

type assignmentResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *assignmentResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpListApplicationAssignments, ramclient.OpGetUser},
		Create:   []rpc.Operation{ramclient.OpCreateApplicationAssignment},
		Delete:   []rpc.Operation{ramclient.OpDeleteApplicationAssignment},
		Optional: []rpc.Operation{ramclient.OpGetDefaultDomain},
	}
}

// Metadata implements resource.Resource.
func (r *assignmentResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_application_assignment"
	resp.ResourceBehavior.MutableIdentity = true // users can be renamed
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *assignmentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"app_id":         schemakit.IdentityName("ID of the application."),
		"principal_type": schemakit.IdentityName("user or role."),
		"principal_name": schemakit.IdentityName("Name of the user or role."),
		"account_id":     schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *assignmentResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lets one RAM user or role log in through an installed official OAuth application, such as `official-cli` of `ram_external_application`. " +
			"Without it, the service refuses the login's token; the Alibaba Cloud account itself needs none. Groups cannot be assigned. " +
			"Applications that are not Alibaba Cloud's own have no assignments: every identity may use them.\n\n" +
			"Removing the assignment keeps the identity from getting new credentials; those it has may last until they expire. " +
			"What the identity may do, its policies say.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID of the application, which has to be installed: `ram_external_application.….app_id`.",
				Validators:          []validator.String{schemakit.ApplicationID()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"principal_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "`user` or `role`.",
				Validators:          []validator.String{schemakit.Assignable()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"principal_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user or role, without a domain. If a user is renamed, the assignment follows in place.",
			},
			"user_id":    schemakit.Computed("ID of the user, by which the assignment is recognised through renames. Null for a role."),
			"account_id": schemakit.AccountID(),
		},
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig: what a name may be
// depends on whose it is.
func (r *assignmentResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config assignmentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.PrincipalType.IsUnknown() {
		return
	}
	format := schemakit.RoleName()
	if config.isOfUser() {
		format = schemakit.UserName()
	}
	var found validator.StringResponse
	format.ValidateString(ctx, validator.StringRequest{Path: path.Root("principal_name"), ConfigValue: config.PrincipalName}, &found)
	resp.Diagnostics.Append(found.Diagnostics...)
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *assignmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state assignmentModel
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		r.RefuseOnSelf(ctx, state.removal(), &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	isOther := !isNew && !(plan.AppID.Equal(state.AppID) && plan.PrincipalType.Equal(state.PrincipalType))
	switch {
	case plan.PrincipalType.ValueString() == string(ramclient.AssigneeRole):
		plan.UserID = types.StringNull()
		if !isNew && !plan.PrincipalName.Equal(state.PrincipalName) {
			isOther = true
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("principal_name"))
		}
	case !isNew && !r.staysWithUser(ctx, plan, state, &resp.Diagnostics):
		// Not the name: it may be the same one, borne by another user.
		isOther, plan.UserID = true, types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("user_id"))
	}
	if isOther {
		r.RefuseOnSelf(ctx, state.removal(), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// staysWithUser says whether the planned name is borne by the user of the assignment, who
// was renamed then. Where that cannot be told, Update asks, and touches nothing if it is
// another one.
func (r *assignmentResource) staysWithUser(ctx context.Context, plan, state assignmentModel, diags *diag.Diagnostics) bool {
	if plan.PrincipalName.IsUnknown() || !state.isOfUser() || state.UserID.IsNull() {
		return true
	}
	name, userID := plan.PrincipalName.ValueString(), state.UserID.ValueString()
	bearer, planned := r.Names.Planned(name)
	switch {
	case planned:
		return bearer == userID
	case plan.PrincipalName.Equal(state.PrincipalName) || !r.CanCall():
		return true
	}
	if _, ok := r.Begin(ctx, diags); !ok {
		return true
	}
	found, err := r.UserCalled(ctx, name)
	return err == nil && found.UserID == userID
}

// Create implements resource.Resource.
func (r *assignmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan assignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	to := plan.assignee()
	wanted, err := to.request(ctx, r.Connection)
	if err == nil && plan.isOfUser() {
		var user ramclient.User
		user, err = r.UserCalled(ctx, to.name)
		plan.UserID = types.StringValue(user.UserID)
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("principal_name"), "make the "+to.String(), err))
		return
	}

	foreign, err := consistency.Relation{
		Send: func(ctx context.Context) error {
			return r.Recent.Await(ctx, func(ctx context.Context) error { return r.Client.CreateApplicationAssignment(ctx, wanted) }, to.missingParent)
		},
		Present: func(ctx context.Context) (bool, error) {
			assigned, err := r.assigned(ctx, to.appID)
			return among(assigned, wanted), err
		},
	}.Run(ctx, r.Clock)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("make the "+to.String(), err))
		return
	}
	if foreign {
		resp.Diagnostics.AddWarning("The application was assigned already",
			"Before Terraform did anything, the "+to.String()+" was there. It is managed here from now on: destroying this resource removes it.")
	}

	plan.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *assignmentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state assignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The "+state.assignee().String(), &resp.Diagnostics)
	if !ok {
		return
	}

	wanted, isThere, err := r.follow(ctx, &state, r.Reads.User)
	to := state.assignee()
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("find the user of the "+to.String(), err))
		return
	}
	if !isThere {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	isAmong := func(assigned []ramclient.ApplicationAssignment) bool {
		return among(assigned, wanted)
	}
	assigned, err := consistency.Reading[[]ramclient.ApplicationAssignment]{
		Shared: func(ctx context.Context) ([]ramclient.ApplicationAssignment, error) {
			return r.Reads.ApplicationAssignments(ctx, to.appID)
		},
		Direct:     func(ctx context.Context) ([]ramclient.ApplicationAssignment, error) { return r.assigned(ctx, to.appID) },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     isAmong,
	}.Read(ctx, r.Clock, writtenAt)
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("read the "+to.String(), err))
		return
	}
	if err != nil || !isAmong(assigned) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}

	state.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource. Terraform calls it for one thing only: the user
// was renamed, and the assignment with it. Nothing is sent but the question whether the
// one behind the new name is the same.
func (r *assignmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state assignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	to := state.assignee()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The "+to.String(), &resp.Diagnostics); !ok {
		return
	}
	user, err := r.UserCalled(ctx, plan.PrincipalName.ValueString())
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("principal_name"), "follow the renamed user of the "+to.String(), err))
		return
	}
	if user.UserID != state.UserID.ValueString() {
		resp.Diagnostics.AddAttributeError(path.Root("principal_name"), "Another user bears the new name", fmt.Sprintf(
			"The %s belongs to the user with ID %s, but %q is the user with ID %s. Nothing was changed.\nNext step: plan again; the assignment will be replaced.",
			to, state.UserID.ValueString(), plan.PrincipalName.ValueString(), user.UserID))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete implements resource.Resource. The user is found by id: the service takes its
// name, and under the one in state it may not be known any more.
func (r *assignmentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state assignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, ok := r.InAccount(ctx, state.AccountID.ValueString(), "The "+state.assignee().String(), &resp.Diagnostics)
	if !ok || !r.RefuseOnSelf(ctx, state.removal(), &resp.Diagnostics) {
		return
	}
	wanted, isThere, err := r.follow(ctx, &state, r.Client.GetUser)
	if err == nil && isThere {
		err = r.Client.DeleteApplicationAssignment(ctx, wanted)
	}
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("remove the "+state.assignee().String(), err))
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *assignmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	names := []string{"app_id", "principal_type", "principal_name"}
	if req.ID == "" {
		for _, name := range names {
			var value types.String
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &value)...)
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
		}
		schemakit.ImportAccount(ctx, req, resp)
		return
	}
	parts, ok := schemakit.ImportID(req.ID, "<app_id>/<principal_type>/<principal_name>", "4038181954557748008/user/alice", &resp.Diagnostics)
	if !ok {
		return
	}
	for i, name := range names {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), parts[i])...)
	}
}

// follow takes over what the user of the assignment is called by now, and gives the
// assignment as the service takes it. It reports false if the user is gone, and its
// assignments with it.
func (r *assignmentResource) follow(ctx context.Context, state *assignmentModel, get func(context.Context, ramclient.GetUserInput) (ramclient.User, error)) (ramclient.ApplicationAssignment, bool, error) {
	if state.isOfUser() {
		user, err := r.FollowUser(ctx, state.UserID.ValueString(), state.PrincipalName.ValueString(), get)
		if err != nil || user.UserID == "" {
			return ramclient.ApplicationAssignment{}, false, err
		}
		state.UserID, state.PrincipalName = types.StringValue(user.UserID), types.StringValue(user.UserName)
	}
	wanted, err := state.assignee().request(ctx, r.Connection)
	return wanted, err == nil, err
}

// assigned lists, directly, whom the application is assigned to.
func (r *assignmentResource) assigned(ctx context.Context, appID string) ([]ramclient.ApplicationAssignment, error) {
	var all []ramclient.ApplicationAssignment
	for one, err := range r.Client.ListApplicationAssignments(ctx, appID) {
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
