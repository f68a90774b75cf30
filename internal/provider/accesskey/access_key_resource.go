// Package accesskey is ram_access_key. The secret of a key is shown in one answer and
// never again, so every verb is written around not losing it, and not leaving a key
// behind that nobody knows of.
package accesskey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure      = (*accessKeyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*accessKeyResource)(nil)
	_ resource.ResourceWithImportState    = (*accessKeyResource)(nil)
	_ resource.ResourceWithIdentity       = (*accessKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*accessKeyResource)(nil)
	_ permission.Declarer                 = (*accessKeyResource)(nil)
)

// The choices of on_destroy.
const (
	recycle = "recycle"
	purge   = "purge"
	disable = "disable"
	retain  = "retain"
)

// The choices of on_lost_answer.
const (
	lostRecover = "recover"
	lostError   = "error"
)

// The choices of on_recycled.
const (
	recycledRecreate = "recreate"
	recycledRestore  = "restore"
)

// lostAnswerAttribute is on_lost_answer.
func lostAnswerAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What to do when the connection breaks while a key is made, so that there may be a key whose secret nobody has: `recover` (repeat the request, of which the service acts on one copy at most; if an earlier copy had arrived, find the one key that it made, " +
			"disable it, move it to the recycle bin, and make another one) or `error` (stop and name it). Default: `recover`.",
		Validators: []validator.String{stringvalidator.OneOf(lostRecover, lostError)},
	}
}

// deleteTimeoutAttribute is the usual timeouts, of which only delete waits for anything.
func deleteTimeoutAttribute(ctx context.Context) schema.Attribute {
	usual := timeouts.Attributes(ctx, timeouts.Opts{
		Delete:            true,
		DeleteDescription: "How long destroying the key may take, its quarantine included, such as `30m`. Default: `20m`.",
	})
	if nested, ok := usual.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "How long operations may take."
		return nested
	}
	return usual
}

// deleteTimeout is the default of timeouts.delete.
const deleteTimeout = 20 * time.Minute

// NewResource makes ram_access_key.
func NewResource() resource.Resource { return &accessKeyResource{} }

type accessKeyResource struct{ keyring }

// Permissions implements permission.Declarer.
func (r *accessKeyResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpListAccessKeys, ramclient.OpGetUser, ramclient.OpListAccessKeysInRecycleBin},
		Create: []rpc.Operation{ramclient.OpCreateAccessKey, ramclient.OpUpdateAccessKey},
		Update: []rpc.Operation{ramclient.OpUpdateAccessKey, ramclient.OpRestoreAccessKeyFromRecycleBin},
		Delete: []rpc.Operation{ramclient.OpUpdateAccessKey, ramclient.OpDeleteAccessKey},
		Import: []rpc.Operation{ramclient.OpGetAccessKeyInfoInRecycleBin},
		Optional: []rpc.Operation{
			ramclient.OpDeleteAccessKeyInRecycleBin, ramclient.OpGetAccessKeyLastUsed,
			ramclient.OpListUsers, ramclient.OpGetDefaultDomain, ramclient.OpGetAccountSummary,
		},
	}
}

// Metadata implements resource.Resource.
func (r *accessKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_key"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *accessKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"access_key_id": schemakit.IdentityName("ID of the AccessKey."),
		"account_id":    schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *accessKeyResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	secret := schemakit.Computed("The secret, which the service shows only when it makes the key. Null after an import, and if `age_recipients` or `pgp_key` is set. It is stored in the state in clear text; the provider argument `plaintext_secrets` says what to do about that.")
	secret.Sensitive = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "An AccessKey of a RAM user: the ID and secret with which programs sign their requests. A user has at most two.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user that the key belongs to. Follows a rename of the user in place; another user's name replaces the key.",
				Validators:          []validator.String{schemakit.UserName()},
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`Active` or `Inactive`. Left out, the key is created active, and from then on whatever the service says is taken over and never changed, so that a key disabled in an incident stays disabled. `Recycled` while the key is in the recycle bin.",
				Validators:          []validator.String{stringvalidator.OneOf(string(ramclient.AccessKeyActive), string(ramclient.AccessKeyInactive))},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any values, such as the month. A change replaces the key. Use it with `create_before_destroy`, so that the new key is there before the old one goes.",
			},
			"rotation_period": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Replace the key when it is older than this, such as `90d` (a day is 24 hours). The plan that finds it so says why. Its age is looked at when Terraform refreshes: something has to run it regularly, and `-refresh=false` rotates nothing. " +
					"Use it with `create_before_destroy`. Default: never.",
				Validators: []validator.String{schemakit.Span()},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What destroying or replacing the resource does with the key: `recycle` (disable it, then move it to the recycle bin, where it can be restored for 30 days), `purge` (then delete it from there for good), " +
					"`disable` (only that; it keeps one of the user's two slots), `retain` (nothing). Apply a change of this before removing the resource. Default: `recycle`.",
				Validators: []validator.String{stringvalidator.OneOf(recycle, purge, disable, retain)},
			},
			"on_lost_answer": lostAnswerAttribute(),
			"on_recycled": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What to do when the key is found in the recycle bin: `recreate` (replace it with a new key) or `restore` (take it out again, in place, with the same secret; this needs a free slot). " +
					"A restored key is inactive unless `status = \"Active\"` is written. Default: `recreate`.",
				Validators: []validator.String{stringvalidator.OneOf(recycledRecreate, recycledRestore)},
			},
			"require_idle": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Refuse to destroy or replace a key that was used more recently than this, such as `24h` or `90d` (a day is 24 hours): nothing is touched then, and the error says when it was used, and with which service. " +
					"The service notes the use of a key up to two hours late, so less than `2h` is refused. Apply a change of this before removing the resource. Default: no such check.",
				Validators: []validator.String{idle.Span()},
			},
			"quarantine": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long a key stays disabled before it is moved to the recycle bin, such as `10m`, so that a program that still needs it shows. Terraform waits for that long, counted from when this or an earlier run disabled the key, " +
					"so it must be shorter than `timeouts.delete`. A key that somebody enables in the meantime is not deleted. Apply a change of this before removing the resource. Default: none.",
				Validators: []validator.String{schemakit.Span()},
			},
			"age_recipients":   ageRecipientsAttribute("the secret", "Other recipients replace the key"),
			"pgp_key":          pgpKeyAttribute("the secret", "Another key replaces the AccessKey"),
			"timeouts":         deleteTimeoutAttribute(ctx),
			"access_key_id":    schemakit.Computed("ID of the AccessKey."),
			"secret":           secret,
			"encrypted_secret": schemakit.Computed("The secret, encrypted to `age_recipients` (an armored file, which `age --decrypt` and the ephemeral resource `ram_decrypted_secret` read) or to `pgp_key` (the base64 of a message: `base64 --decode | gpg --decrypt`). Null without them, and after an import."),
			"key_fingerprint":  schemakit.Computed("Fingerprint of whom the secret is encrypted to, never of the secret: that of the OpenPGP key, or `sha256:` and the SHA-256 of the sorted age recipients, a line each."),
			"secret_version": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "When the key was created, in seconds since 1970. It changes with the key, so it suits as the `…_wo_version` of whatever takes the secret.",
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"create_date": schemakit.Computed("When the key was created, RFC 3339."),
			"user_id":     schemakit.Computed("ID of the user that the key belongs to, 18 digits. It stays the same through renames."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *accessKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var argument, limit types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("quarantine"), &argument)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("timeouts").AtName("delete"), &limit)...)
	quarantine, ok := span(argument)
	if !ok || limit.IsUnknown() {
		return
	}
	timeout := deleteTimeout
	if written, err := time.ParseDuration(limit.ValueString()); err == nil {
		timeout = written
	}
	if quarantine >= timeout {
		resp.Diagnostics.AddAttributeError(path.Root("quarantine"), "The quarantine is longer than a destroy may take", fmt.Sprintf(
			"quarantine is %q, but timeouts.delete ends the destroy after %s, so the key would never be recycled.\n"+
				"Next step: shorten the quarantine, or raise it with timeouts = { delete = \"…\" }.", argument.ValueString(), timeout))
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *accessKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case r.Connection == nil:
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		r.planChange(ctx, req, resp)
	}
}

// Create implements resource.Resource.
func (r *accessKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan accessKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	sealer := plan.sealer(ctx, r.Clock.Now(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok {
		return
	}
	userName := plan.UserName.ValueString()

	owner, err := r.owner(ctx, userName)
	if err != nil {
		resp.Diagnostics.Append(apidiag.AttributeError(path.Root("user_name"), "create an AccessKey for "+user(userName), err))
		return
	}
	unlock, err := r.Keys.Lock(ctx, owner.UserID)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("create an AccessKey for "+user(userName), err))
		return
	}
	defer unlock()
	key, ok := r.issue(ctx, owner, plan.OnLostAnswer.ValueString() != lostError, &resp.Diagnostics)
	if !ok {
		return
	}

	// The secret exists only here: it is in state before anything else is done.
	wanted := plan.Status
	plan.fromCreated(key, owner, caller.AccountID)
	if err := plan.deliver(key.AccessKeySecret, sealer); err != nil {
		resp.Diagnostics.AddError("Cannot encrypt the secret of the new "+object(plan),
			"So it is lost, and nobody can use the key: "+err.Error()+".\nNext step: apply again; the key is then replaced.")
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	known := record{}.observed(r.Client.ServerTime())
	resp.Diagnostics.Append(recordOf(plan, known).wrote(plan.Status.ValueString(), r.Clock.Now()).save(ctx, resp.Private)...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)

	if resp.Diagnostics.HasError() || wanted.IsUnknown() || wanted.Equal(plan.Status) {
		return
	}
	ref := ramclient.AccessKeyRef{UserPrincipalName: owner.UserPrincipalName, AccessKeyID: key.AccessKeyID}
	if err := r.Client.UpdateAccessKey(ctx, ref, ramclient.AccessKeyStatus(wanted.ValueString())); err != nil {
		resp.Diagnostics.Append(apidiag.Error("set the status of the new "+object(plan), err))
		return
	}
	plan.Status = wanted
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(recordOf(plan, known).wrote(plan.Status.ValueString(), r.Clock.Now()).save(ctx, resp.Private)...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *accessKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state accessKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	writtenAt, diags := consistency.WrittenAt(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	known, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Keys.Manage(state.AccessKeyID.ValueString())
	caller, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), &resp.Diagnostics)
	if !ok {
		return
	}

	seen, err := consistency.Reading[sighting]{
		Shared:     func(ctx context.Context) (sighting, error) { return r.find(ctx, r.Reads, state.held()) },
		Direct:     func(ctx context.Context) (sighting, error) { return r.find(ctx, direct{r.Client}, state.held()) },
		IsNotFound: isGone,
		Agrees:     state.agrees,
	}.Read(ctx, r.Clock, writtenAt)
	if isGone(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+object(state), err))
		return
	}

	state.fromSighting(seen, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	resp.Diagnostics.Append(recordOf(state, known.observed(r.Client.ServerTime())).save(ctx, resp.Private)...)
}

// Update implements resource.Resource.
func (r *accessKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state accessKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), &resp.Diagnostics); !ok {
		return
	}
	if plan.disables(state) && !r.sparesSelf(ctx, "disable", state.held(), &resp.Diagnostics) {
		return
	}

	if !plan.UserName.Equal(state.UserName) && !r.confirmOwner(ctx, plan.held(), &resp.Diagnostics) {
		return
	}
	// All but the status is only noted; it is recorded before the status is touched.
	done := plan
	done.Status = state.Status
	if state.isRecycled() {
		if !r.restore(ctx, state, &resp.Diagnostics) {
			return
		}
		// Which status it comes back with is not documented, so it is written in any case.
		done.Status = types.StringValue(string(ramclient.AccessKeyInactive))
		known = known.wrote(done.Status.ValueString(), r.Clock.Now())
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
	resp.Diagnostics.Append(recordOf(done, known).save(ctx, resp.Private)...)
	if plan.Status.Equal(state.Status) {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
		return
	}

	if err := r.setStatus(ctx, plan, state.isRecycled()); err != nil {
		resp.Diagnostics.Append(apidiag.Error(fmt.Sprintf("make %s %s", object(plan), plan.Status.ValueString()), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(recordOf(plan, known).wrote(plan.Status.ValueString(), r.Clock.Now()).save(ctx, resp.Private)...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Delete implements resource.Resource.
func (r *accessKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state accessKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || ending(state.OnDestroy) == retain {
		return
	}
	timeout, diags := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.Keys.Manage(state.AccessKeyID.ValueString())
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(state), &resp.Diagnostics); !ok {
		return
	}
	// Terraform shows no provider the plan of a replacement that was forced on it.
	if !r.sparesSelf(ctx, "destroy", state.held(), &resp.Diagnostics) {
		return
	}

	key := r.retirement(state, known, &resp.Diagnostics)
	if !key.do(ctx, key.steps(ending(state.OnDestroy))) {
		// How far it got stays in state; the next run goes on from there.
		state.UserName, state.Status = types.StringValue(key.key.userName), types.StringValue(key.seen)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(recordOf(state, record{Status: key.seen, DisabledAt: key.disabledAt, ObservedAt: known.ObservedAt}).save(ctx, resp.Private)...)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
}

// retirement takes the key in state out of use.
func (r *accessKeyResource) retirement(state accessKeyModel, known record, diags *diag.Diagnostics) *retirement {
	return &retirement{
		keyring: &r.keyring, key: state.held(), requireIdle: state.RequireIdle, quarantine: state.Quarantine,
		seen: state.Status.ValueString(), disabledAt: known.DisabledAt, diags: diags,
	}
}

// ImportState implements resource.ResourceWithImportState. The owner is found by Read.
func (r *accessKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID == "" || !strings.Contains(req.ID, "/") {
		schemakit.Import(ctx, "access_key_id", req, resp)
		return
	}
	parts, ok := schemakit.ImportID(req.ID, "<user_name>/<access_key_id>", "ci/LTAIexample000000000001", &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_name"), parts[0])...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("access_key_id"), parts[1])...)
}

// ending is on_destroy, or its default if it is left out.
func ending(onDestroy types.String) string {
	if choice := onDestroy.ValueString(); choice != "" {
		return choice
	}
	return recycle
}

// restores says whether a key found in the recycle bin is to come back.
func restores(m accessKeyModel) bool { return m.OnRecycled.ValueString() == recycledRestore }
