// Package policy is ram_policy, as resource and data source, and ram_policy_document.
package policy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	_ resource.ResourceWithConfigure   = (*policyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*policyResource)(nil)
	_ resource.ResourceWithImportState = (*policyResource)(nil)
	_ resource.ResourceWithIdentity    = (*policyResource)(nil)
	_ permission.Declarer              = (*policyResource)(nil)
)

// NewResource makes ram_policy.
func NewResource() resource.Resource { return &policyResource{} }

type policyResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *policyResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetPolicy, ramclient.OpListTagResources},
		Create: []rpc.Operation{ramclient.OpCreatePolicy},
		Update: []rpc.Operation{
			ramclient.OpCreatePolicyVersion, ramclient.OpListPolicyVersions, ramclient.OpDeletePolicyVersion,
			ramclient.OpUpdatePolicyDescription, ramclient.OpTagResources, ramclient.OpUntagResources,
		},
		Delete: []rpc.Operation{ramclient.OpDeletePolicy},
		Optional: []rpc.Operation{
			ramclient.OpListPolicies, ramclient.OpSetDefaultPolicyVersion,
			ramclient.OpListEntitiesForPolicy, ramclient.OpDetachPolicyFromUser, ramclient.OpDetachPolicyFromGroup, ramclient.OpDetachPolicyFromRole,
			ramclient.OpListPolicyAttachments, ramclient.OpDetachPolicy,
		},
	}
}

// Metadata implements resource.Resource.
func (r *policyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_policy"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *policyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name":       schemakit.IdentityName("Name of the policy."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *policyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom policy: what those may do to whom it is attached. System policies, which Alibaba Cloud makes, can be attached and read, but not managed.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name: 1 to 128 letters, digits or `-`. The service cannot rename a policy, so a change replaces it.",
				Validators:          []validator.String{schemakit.PolicyName()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"policy_document": schema.StringAttribute{
				Required:            true,
				CustomType:          document.Type{Kind: document.Policy},
				MarkdownDescription: "Policy document as JSON, at most 6144 characters. Compared by meaning, so spelling and order do not matter. A change becomes a new version of the policy, which is in force at once.",
				PlanModifiers:       []planmodifier.String{document.KeepSpelling()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Description, at most 1024 characters.",
				Validators:          []validator.String{schemakit.Text(1024)},
			},
			"keep_versions": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How many versions of the document to keep, 1 to 5, the one in force included. The oldest others beyond that are deleted when the document or this number changes. Default: 5, which is all that the service keeps.",
				Validators:          []validator.Int64{int64validator.Between(1, maxVersions)},
			},
			"tags":     schemakit.TagsAttribute(),
			"tags_all": schemakit.TagsAllAttribute(),
			"force_destroy": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Detach the policy from all users, groups and roles before it is deleted, also where it was attached outside Terraform. Apply a change of this before removing the resource. Default: `false`.",
			},
			"arn": schemakit.Computed("ARN of the policy: `acs:ram::<account id>:policy/<name>`."),
			"default_version": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the version in force, such as `v1`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"attachment_count": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "To how many users, groups and roles the policy was attached when it was last read.",
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"create_date": schemakit.Computed("When the policy was created, RFC 3339."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *policyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
		return
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		planUpdate(ctx, req, resp)
	}
	tagging.Plan(ctx, r.TagSettings(), resp)
	r.judgeDocument(ctx, req, resp)
}

// judgeDocument looks at a document that is new or changed. That of a policy to be
// replaced is looked at when its successor is planned.
func (r *policyResource) judgeDocument(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	isNew := req.State.Raw.IsNull()
	if !isNew {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	isKept := !isNew && (plan.PolicyDocument.SameMeaning(state.PolicyDocument) || !plan.Name.Equal(state.Name))
	if resp.Diagnostics.HasError() || plan.PolicyDocument.IsUnknown() || isKept {
		return
	}
	r.HighRiskRules().JudgePolicy(plan.Name.ValueString(), plan.PolicyDocument.ValueString(), path.Root("policy_document"), &resp.Diagnostics)
}

// planDestroy lists from whom a forced destroy takes the policy.
func (r *policyResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state policyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.ForceDestroy.ValueBool() || !r.CanCall() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	grants, err := r.grants(ctx, caller.AccountID, name)
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Warning("list who has "+object(name), err, "force_destroy is set, so the destroy detaches it from whoever has it."))
		return
	}
	if len(grants) == 0 || !r.sparesSelf(ctx, name, grants, &resp.Diagnostics) {
		return
	}
	var holders []string
	for _, grant := range grants {
		holders = append(holders, grant.holder)
	}
	resp.Diagnostics.AddWarning("Destroying "+object(name)+" detaches it",
		"force_destroy is set, so these lose the policy before it is deleted: "+strings.Join(holders, ", ")+".")
}

// planCreate refuses the name of a system policy. A custom one of that name could be
// made, but nobody could tell the two apart. Only a name that looks like one of theirs
// (RAM: "System policies") is worth a call.
func (r *policyResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	text := name.ValueString()
	isSuspect := strings.HasPrefix(text, "Aliyun") || strings.HasSuffix(text, "Access")
	if resp.Diagnostics.HasError() || !isSuspect || !r.CanCall() {
		return
	}
	if _, ok := r.Begin(ctx, &resp.Diagnostics); ok && r.isSystem(ctx, text) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), notManaged(text), attachInstead)
	}
}

// planUpdate keeps the version in force, unless the document changes.
func planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var planned, current document.Value
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("policy_document"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("policy_document"), &current)...)
	if !planned.Equal(current) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("default_version"), types.StringUnknown())...)
	}
}

// Create implements resource.Resource.
func (r *policyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()

	policy, err := consistency.Creation[ramclient.PolicyWithDocument]{
		Send: func(ctx context.Context) (ramclient.PolicyWithDocument, error) {
			answer, err := r.Client.CreatePolicy(ctx, plan.createInput())
			return plan.created(answer), err
		},
		Find:     func(ctx context.Context) (ramclient.PolicyWithDocument, error) { return r.read(ctx, name) },
		IsAsSent: r.shows(plan),
		Created:  func(policy ramclient.PolicyWithDocument) time.Time { return policy.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	if err != nil {
		resp.Diagnostics.Append(apidiag.CreateError(object(name), "ram_policy", name, err))
		return
	}
	r.Recent.Saw(parent(name))

	tags, tagsAll := plan.Tags, plan.TagsAll
	plan.fromAPI(policy, caller.AccountID)
	plan.Tags, plan.TagsAll = tags, tagsAll
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *policyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state policyModel
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

	policy, err := consistency.Reading[ramclient.PolicyWithDocument]{
		Shared:     func(ctx context.Context) (ramclient.PolicyWithDocument, error) { return r.readShared(ctx, name) },
		Direct:     func(ctx context.Context) (ramclient.PolicyWithDocument, error) { return r.read(ctx, name) },
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

	state.Tags, state.TagsAll = r.Tags.FromServer(policy.Tags, state.Tags)
	state.fromAPI(policy, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *policyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics); !ok {
		return
	}

	// What is done is recorded before the next call: that may fail.
	done := state
	record := func() {
		resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
	changesDocument := !plan.PolicyDocument.Equal(state.PolicyDocument)

	if changesDocument && plan.keeps() < maxVersions {
		if err := r.prune(ctx, name, done.DefaultVersion.ValueString(), max(plan.keeps()-1, 1)); err != nil {
			resp.Diagnostics.Append(apidiag.Error("delete old versions of "+object(name), err))
			return
		}
	}
	if changesDocument {
		version, err := r.putInForce(ctx, name, plan.PolicyDocument)
		if err != nil {
			resp.Diagnostics.Append(apidiag.Error("change the document of "+object(name), err))
			return
		}
		done.PolicyDocument, done.DefaultVersion = plan.PolicyDocument, types.StringValue(version)
		record()
	}
	if plan.keeps() < state.keeps() || (changesDocument && plan.keeps() == 1) {
		if err := r.prune(ctx, name, done.DefaultVersion.ValueString(), plan.keeps()); err != nil {
			resp.Diagnostics.Append(apidiag.Error("delete old versions of "+object(name), err))
			return
		}
	}
	if !plan.Description.Equal(state.Description) {
		// Null is sent as "". The operation's page calls NewDescription required and does
		// not say whether an empty one is; RAM's other updates clear a text that way.
		if _, err := r.Client.UpdatePolicyDescription(ctx, name, plan.Description.ValueString()); err != nil {
			resp.Diagnostics.Append(apidiag.Error("change the description of "+object(name), err))
			return
		}
		done.Description = plan.Description
		record()
	}
	err := tagging.Apply(ctx, state.TagsAll, plan.TagsAll,
		func(ctx context.Context, set map[string]string) error {
			return r.Client.TagResources(ctx, ramclient.TaggedPolicy, []string{name}, set)
		},
		func(ctx context.Context, keys []string) error {
			return r.Client.UntagResources(ctx, ramclient.TaggedPolicy, []string{name}, keys)
		})
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("change the tags of "+object(name), err))
		return
	}
	plan.DefaultVersion = done.DefaultVersion
	done = plan
	record()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete implements resource.Resource.
func (r *policyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state policyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics)
	if !ok {
		return
	}
	if state.ForceDestroy.ValueBool() && !r.detachAll(ctx, caller.AccountID, name, &resp.Diagnostics) {
		return
	}
	// The other versions go along: they are this resource's own past.
	err := r.Recent.AwaitLoose(ctx, parent(name), func(ctx context.Context) error { return r.Client.DeletePolicy(ctx, name, true) })
	if err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("delete "+object(name), err))
		return
	}
	r.Recent.Gone(parent(name))
}

// ImportState implements resource.ResourceWithImportState.
func (r *policyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "name", req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var name, account types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("name"), &name)...)
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("account_id"), &account)...)
	if _, ok := r.InAccount(ctx, account.ValueString(), object(name.ValueString()), &resp.Diagnostics); !ok {
		return
	}
	// Terraform would call a system policy non-existent.
	_, err := r.Reads.Policy(ctx, custom(name.ValueString()))
	if ramclient.IsNotFound(err) && r.isSystem(ctx, name.ValueString()) {
		resp.Diagnostics.AddError(notManaged(name.ValueString()), attachInstead)
	}
}

// isSystem says whether there surely is a system policy of the name.
func (r *policyResource) isSystem(ctx context.Context, name string) bool {
	_, err := r.Reads.Policy(ctx, ramclient.PolicyRef{PolicyName: name, PolicyType: ramclient.PolicySystem})
	return err == nil
}

const attachInstead = "Policies of type System are Alibaba Cloud's own: the same in every account, and nobody else can change or delete them.\n" +
	"Next step: attach it with policy_type = \"System\", read it with the data source ram_policy, or give a policy of your own another name."

func notManaged(name string) string {
	return fmt.Sprintf("Cannot manage the system policy %q", name)
}

// read gets the policy and its tags, which GetPolicy leaves out, directly.
func (r *policyResource) read(ctx context.Context, name string) (ramclient.PolicyWithDocument, error) {
	policy, err := r.Client.GetPolicy(ctx, custom(name))
	if err != nil {
		return policy, err
	}
	tags, err := r.Client.ListTagResources(ctx, ramclient.TaggedPolicy, []string{name})
	policy.Tags = tags[name]
	return policy, err
}

// readShared is read by way of the reads that all resources of this run share.
func (r *policyResource) readShared(ctx context.Context, name string) (ramclient.PolicyWithDocument, error) {
	policy, err := r.Reads.Policy(ctx, custom(name))
	if err != nil {
		return policy, err
	}
	policy.Tags, err = r.Reads.PolicyTags(ctx, name)
	return policy, err
}

// shows makes the question whether the service shows what the model says. Tags that the
// provider ignores do not count.
func (r *policyResource) shows(m policyModel) func(ramclient.PolicyWithDocument) bool {
	return func(policy ramclient.PolicyWithDocument) bool {
		policy.Tags = r.Tags.Seen(policy.Tags)
		return m.isAsPlanned(policy)
	}
}

func object(name string) string { return fmt.Sprintf("RAM policy %q", name) }
