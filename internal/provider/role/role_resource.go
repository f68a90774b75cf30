// Package role is ram_role.
package role

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/ramprovider/terraform-provider-ram/internal/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/document"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*roleResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*roleResource)(nil)
	_ resource.ResourceWithImportState = (*roleResource)(nil)
	_ resource.ResourceWithIdentity    = (*roleResource)(nil)
	_ permission.Declarer              = (*roleResource)(nil)
)

// NewResource makes ram_role.
func NewResource() resource.Resource { return &roleResource{} }

type roleResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *roleResource) Permissions() permission.Table {
	return permission.Table{
		Read:     []rpc.Operation{ramclient.OpGetRole, ramclient.OpListTagResources},
		Create:   []rpc.Operation{ramclient.OpCreateRole},
		Update:   []rpc.Operation{ramclient.OpUpdateRole, ramclient.OpTagResources, ramclient.OpUntagResources},
		Delete:   []rpc.Operation{ramclient.OpDeleteRole},
		Optional: []rpc.Operation{ramclient.OpListRoles, ramclient.OpListPoliciesForRole, ramclient.OpListPolicyAttachments, ramclient.OpDetachPolicyFromRole},
	}
}

// Metadata implements resource.Resource.
func (r *roleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *roleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name":       schemakit.IdentityName("Name of the role."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *roleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM role: an identity without keys of its own, which those named in its trust policy can assume for a session.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name: 1 to 64 letters, digits, `.` or `-`. The service cannot rename a role, so a change replaces it.",
				Validators:          []validator.String{schemakit.RoleName(), schemakit.NotServiceLinked()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"assume_role_policy_document": schema.StringAttribute{
				Required:            true,
				CustomType:          document.Type{Kind: document.Trust},
				MarkdownDescription: "Trust policy as JSON: who may assume the role. Compared by meaning, so spelling and order do not matter.",
				PlanModifiers:       []planmodifier.String{document.KeepSpelling()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Description, at most 1024 characters.",
				Validators:          []validator.String{schemakit.Text(1024)},
			},
			"max_session_duration": schema.Int64Attribute{
				Optional: true, Computed: true,
				Default:             int64default.StaticInt64(3600),
				MarkdownDescription: "Longest session in seconds, 3600 to 43200. Default: 3600.",
				Validators:          []validator.Int64{int64validator.Between(3600, 43200)},
			},
			"tags":     schemakit.TagsAttribute(),
			"tags_all": schemakit.TagsAllAttribute(),
			"force_destroy": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Detach whatever policies the role has before it is deleted, those for resource groups too, also those attached outside Terraform. Apply a change of this before removing the resource. Default: `false`.",
			},
			"role_id":     schemakit.Computed("ID of the role, 18 digits."),
			"arn":         schemakit.Computed("ARN of the role: `acs:ram::<account id>:role/<name>`, as the service spells it."),
			"create_date": schemakit.Computed("When the role was created, RFC 3339."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *roleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	tagging.Plan(ctx, r.TagSettings(), resp)
	r.judgeTrust(ctx, req, resp)
	if !req.State.Raw.IsNull() {
		r.refuseOnSelf(ctx, req, resp)
	}
}

// refuseOnSelf refuses to replace the role that Terraform acts in, and to shut out who
// assumes it.
func (r *roleResource) refuseOnSelf(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	change := state.destruction()
	if !plan.Name.Equal(state.Name) {
		change.What = "replace " + object(state.Name.ValueString())
		r.RefuseOnSelf(ctx, change, &resp.Diagnostics)
		return
	}
	if trusted := plan.AssumeRolePolicyDocument; !trusted.IsUnknown() && r.shutsOut(ctx, state, trusted.ValueString(), &resp.Diagnostics) {
		change.What = "shut out of " + object(state.Name.ValueString()) + " who assumes it for Terraform"
		r.RefuseOnSelf(ctx, change, &resp.Diagnostics)
	}
}

// shutsOut says whether a new trust policy refuses whoever assumes the role for
// Terraform, and the one in state does not. Of the request only the principal is known,
// so a trust policy with conditions is as good as none.
func (r *roleResource) shutsOut(ctx context.Context, state roleModel, trusted string, diags *diag.Diagnostics) bool {
	before, err := policy.Parse(state.AssumeRolePolicyDocument.ValueString())
	if err != nil || policy.Equal(trusted, state.AssumeRolePolicyDocument.ValueString()) {
		return false
	}
	after, err := policy.Parse(trusted)
	if err != nil {
		return false
	}
	assumer, ok := r.RoleAssumer(ctx, state.ARN.ValueString(), diags)
	request := policy.Request{Action: "sts:AssumeRole", Principal: assumer}
	return ok && before.Evaluate(request) == policy.Allow && after.Evaluate(request) != policy.Allow
}

// judgeTrust looks at a trust policy that is new or changed. That of a role to be
// replaced is looked at when its successor is planned.
func (r *roleResource) judgeTrust(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	trusted := plan.AssumeRolePolicyDocument
	isKept := !isNew && (trusted.SameMeaning(state.AssumeRolePolicyDocument) || !plan.Name.Equal(state.Name))
	if resp.Diagnostics.HasError() || trusted.IsUnknown() || isKept {
		return
	}
	r.HighRiskRules().JudgeTrust(plan.Name.ValueString(), trusted.ValueString(), func() (string, bool) {
		if !isNew || !r.CanCall() {
			return state.AccountID.ValueString(), !isNew
		}
		caller, ok := r.Begin(ctx, &resp.Diagnostics)
		return caller.AccountID, ok
	}, path.Root("assume_role_policy_document"), &resp.Diagnostics)
}

// planDestroy lists what a forced destroy takes along.
func (r *roleResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.RefuseOnSelf(ctx, state.destruction(), &resp.Diagnostics) {
		return
	}
	if !state.ForceDestroy.ValueBool() || !r.CanCall() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	held, err := r.policies(ctx, caller.AccountID, name)
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Warning("list the policies of "+object(name), err,
			"force_destroy is set, so the destroy removes whatever policies the role has."))
		return
	}
	if len(held) > 0 {
		resp.Diagnostics.AddWarning("Destroying "+object(name)+" detaches its policies",
			"force_destroy is set, so these go before the role does:"+lines(held))
	}
}

// Create implements resource.Resource.
func (r *roleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()

	role, err := consistency.Creation[ramclient.Role]{
		Send:     func(ctx context.Context) (ramclient.Role, error) { return r.Client.CreateRole(ctx, plan.createInput()) },
		Find:     func(ctx context.Context) (ramclient.Role, error) { return r.read(ctx, name) },
		IsAsSent: r.shows(plan),
		Created:  func(role ramclient.Role) time.Time { return role.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	if err != nil {
		resp.Diagnostics.Append(apidiag.CreateError(object(name), "ram_role", name, err))
		return
	}
	r.Recent.Saw(connection.Parent{Kind: connection.Role, Name: name})

	tags, tagsAll := plan.Tags, plan.TagsAll
	plan.fromAPI(role, caller.AccountID)
	plan.Tags, plan.TagsAll = tags, tagsAll
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *roleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state roleModel
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

	role, err := consistency.Reading[ramclient.Role]{
		Shared:     func(ctx context.Context) (ramclient.Role, error) { return r.readShared(ctx, name) },
		Direct:     func(ctx context.Context) (ramclient.Role, error) { return r.read(ctx, name) },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     r.shows(state),
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+object(name), err))
		return
	}

	state.Tags, state.TagsAll = r.Tags.FromServer(role.Tags, state.Tags)
	state.fromAPI(role, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *roleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics); !ok {
		return
	}

	if in, ok := plan.updateInput(state); ok {
		if _, err := r.Client.UpdateRole(ctx, in); err != nil {
			resp.Diagnostics.Append(apidiag.Error("update "+object(name), err))
			return
		}
	}
	// What is done is recorded before the tags are touched: they may fail.
	done := plan
	done.Tags, done.TagsAll = state.Tags, state.TagsAll
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)

	err := tagging.Apply(ctx, state.TagsAll, plan.TagsAll,
		func(ctx context.Context, set map[string]string) error {
			return r.Client.TagResources(ctx, ramclient.TaggedRole, []string{name}, set)
		},
		func(ctx context.Context, keys []string) error {
			return r.Client.UntagResources(ctx, ramclient.TaggedRole, []string{name}, keys)
		})
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("change the tags of "+object(name), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete implements resource.Resource.
func (r *roleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	if !r.RefuseOnSelf(ctx, state.destruction(), &resp.Diagnostics) {
		return
	}
	if state.ForceDestroy.ValueBool() {
		if err := r.detachAll(ctx, caller.AccountID, name); err != nil {
			resp.Diagnostics.Append(apidiag.Error("detach the policies of "+object(name), err))
			return
		}
	}
	parent := connection.Parent{Kind: connection.Role, Name: name}
	err := r.Recent.AwaitLoose(ctx, parent, func(ctx context.Context) error { return r.Client.DeleteRole(ctx, name) })
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("delete "+object(name), err))
		return
	}
	r.Recent.Gone(parent)
}

// ImportState implements resource.ResourceWithImportState.
func (r *roleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "name", req, resp)
}

// read gets the role and its tags, which GetRole leaves out, directly.
func (r *roleResource) read(ctx context.Context, name string) (ramclient.Role, error) {
	role, err := r.Client.GetRole(ctx, name)
	if err != nil {
		return role, err
	}
	tags, err := r.Client.ListTagResources(ctx, ramclient.TaggedRole, []string{name})
	role.Tags = tags[name]
	return role, err
}

// readShared is read by way of the reads that all resources of this run share.
func (r *roleResource) readShared(ctx context.Context, name string) (ramclient.Role, error) {
	role, err := r.Reads.Role(ctx, name)
	if err != nil {
		return role, err
	}
	role.Tags, err = r.Reads.RoleTags(ctx, name)
	return role, err
}

// shows makes the question whether the service shows what the model says. Tags that the
// provider ignores do not count.
func (r *roleResource) shows(m roleModel) func(ramclient.Role) bool {
	return func(role ramclient.Role) bool {
		role.Tags = r.Tags.Seen(role.Tags)
		return m.isAsPlanned(role)
	}
}

func object(name string) string { return fmt.Sprintf("RAM role %q", name) }
