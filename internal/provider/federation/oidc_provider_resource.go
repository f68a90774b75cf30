// Package federation is ram_oidc_provider: identity providers whose identities may assume
// roles of the account.
package federation

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
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
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ resource.ResourceWithConfigure   = (*oidcProviderResource)(nil)
	_ resource.ResourceWithImportState = (*oidcProviderResource)(nil)
	_ resource.ResourceWithIdentity    = (*oidcProviderResource)(nil)
	_ permission.Declarer              = (*oidcProviderResource)(nil)
)

// NewOIDCProviderResource makes ram_oidc_provider.
func NewOIDCProviderResource() resource.Resource { return &oidcProviderResource{} }

type oidcProviderResource struct{ connection.ForResource }

// Permissions implements permission.Declarer.
func (r *oidcProviderResource) Permissions() permission.Table {
	return permission.Table{
		Read:   []rpc.Operation{ramclient.OpGetOIDCProvider},
		Create: []rpc.Operation{ramclient.OpCreateOIDCProvider},
		Update: []rpc.Operation{
			ramclient.OpUpdateOIDCProvider,
			ramclient.OpAddClientIDToOIDCProvider, ramclient.OpRemoveClientIDFromOIDCProvider,
			ramclient.OpAddFingerprintToOIDCProvider, ramclient.OpRemoveFingerprintFromOIDCProvider,
		},
		Delete:   []rpc.Operation{ramclient.OpDeleteOIDCProvider},
		Optional: []rpc.Operation{ramclient.OpListOIDCProviders},
	}
}

// Metadata implements resource.Resource.
func (r *oidcProviderResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_oidc_provider"
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *oidcProviderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name":       schemakit.IdentityName("Name of the OIDC provider."),
		"account_id": schemakit.IdentityAccount(),
	}}
}

// Schema implements resource.Resource.
func (r *oidcProviderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An OpenID Connect identity provider: tokens of its issuer, as CI systems and clusters hand them to their jobs, open sessions of the roles whose trust policy names it. " +
			"Any job of the issuer can get a token, so such a trust policy needs conditions on `oidc:sub` and `oidc:aud`.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name: 1 to 128 letters, digits, `.`, `_` or `-`, the first and last a letter or digit. The service cannot rename a provider, so a change replaces it.",
				Validators:          []validator.String{providerName()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"issuer_url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "URL of the issuer, exactly as the claim `iss` of its tokens has it: `https://…` without `?`, `#` and `@`, at most 255 characters. Two providers of an account cannot have the same. A change replaces the provider.",
				Validators:          []validator.String{issuerURL()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"client_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("Client IDs: a token is accepted if its claim `aud` has one of them. At most %d, each of 1 to 128 characters. Without any, no token is accepted.", maxClientIDs),
				Validators:          []validator.Set{setvalidator.SizeBetween(1, maxClientIDs), setvalidator.ValueStringsAre(clientID())},
			},
			"fingerprints": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("Fingerprints of the certificates that the issuer's HTTPS may have, at most %d.", maxFingerprints),
				Validators:          []validator.Set{setvalidator.SizeBetween(1, maxFingerprints), setvalidator.ValueStringsAre(fingerprint())},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Description, at most 256 characters.",
				Validators:          []validator.String{schemakit.Text(256)},
			},
			"issuance_limit_time": schema.Int64Attribute{
				Optional: true, Computed: true,
				MarkdownDescription: "For how many hours after its issuance a token is accepted, 1 to 168, however long the token itself is valid. Left out, it is what the service sets.",
				Validators:          []validator.Int64{int64validator.Between(1, 168)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"arn":         schemakit.Computed("ARN of the provider, for trust policies: `acs:ram::<account id>:oidc-provider/<name>`, as the service spells it."),
			"create_date": schemakit.Computed("When the provider was created, RFC 3339."),
			"account_id":  schemakit.AccountID(),
		},
	}
}

// Create implements resource.Resource.
func (r *oidcProviderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan oidcProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	caller, ok := r.Begin(ctx, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()

	made, err := consistency.Creation[ramclient.OIDCProvider]{
		Send: func(ctx context.Context) (ramclient.OIDCProvider, error) {
			return r.Client.CreateOIDCProvider(ctx, plan.createInput())
		},
		Find:     func(ctx context.Context) (ramclient.OIDCProvider, error) { return r.Client.GetOIDCProvider(ctx, name) },
		IsAsSent: plan.isAsPlanned,
		Created:  func(provider ramclient.OIDCProvider) time.Time { return provider.CreateDate.Time },
		Began:    r.Client.ServerTime(),
	}.Run(ctx, r.Clock)
	if owner, taken := r.ownerOfIssuer(ctx, plan, err); taken {
		resp.Diagnostics.AddAttributeError(path.Root("issuer_url"), "Another OIDC provider has this issuer", fmt.Sprintf(
			"An account can have one OIDC provider for each issuer, and %q has %s already. Nothing was made.\n"+
				"Next step: use that one, or import it:\n\nimport {\n  to = ram_oidc_provider.<name of the resource>\n  id = %q\n}",
			owner, plan.IssuerURL.ValueString(), owner))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.CreateError(object(name), "ram_oidc_provider", name, err))
		return
	}

	plan.fillComputed(made, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
}

// Read implements resource.Resource.
func (r *oidcProviderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state oidcProviderModel
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

	provider, err := consistency.Reading[ramclient.OIDCProvider]{
		Shared:     func(ctx context.Context) (ramclient.OIDCProvider, error) { return r.Reads.OIDCProvider(ctx, name) },
		Direct:     func(ctx context.Context) (ramclient.OIDCProvider, error) { return r.Client.GetOIDCProvider(ctx, name) },
		IsNotFound: ramclient.IsNotFound,
		Agrees:     state.isAsPlanned,
	}.Read(ctx, r.Clock, writtenAt)
	if ramclient.IsNotFound(err) {
		schemakit.Gone(ctx, state.identity(), resp)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read "+object(name), err))
		return
	}

	state.fromAPI(provider, caller.AccountID)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update implements resource.Resource.
func (r *oidcProviderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state oidcProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.Name.ValueString()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics); !ok {
		return
	}

	// The service changes one member of a set at a time, so what is done is recorded after
	// every call.
	for _, change := range plan.changes(state) {
		if err := change.send(ctx, r.Client); err != nil {
			resp.Diagnostics.Append(apidiag.Error(change.what+" of "+object(name), err))
			return
		}
		change.record(&state)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(consistency.RecordWrite(ctx, resp.Private, r.Clock.Now())...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete implements resource.Resource.
func (r *oidcProviderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state oidcProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	if _, ok := r.InAccount(ctx, state.AccountID.ValueString(), object(name), &resp.Diagnostics); !ok {
		return
	}
	if err := r.Client.DeleteOIDCProvider(ctx, name); err != nil && !ramclient.IsNotFound(err) {
		resp.Diagnostics.Append(apidiag.Error("delete "+object(name), err))
	}
}

// ImportState implements resource.ResourceWithImportState.
func (r *oidcProviderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	schemakit.Import(ctx, "name", req, resp)
}

// ownerOfIssuer finds the provider of another name whose issuer is the planned one, if
// that may be why the create failed. A caller who may not look gets the service's words.
func (r *oidcProviderResource) ownerOfIssuer(ctx context.Context, plan oidcProviderModel, createErr error) (name string, found bool) {
	if !ramclient.IsAlreadyExists(createErr) {
		return "", false
	}
	for provider, err := range r.Client.ListOIDCProviders(ctx) {
		if err != nil {
			return "", false
		}
		if provider.IssuerURL == plan.IssuerURL.ValueString() && provider.OIDCProviderName != plan.Name.ValueString() {
			return provider.OIDCProviderName, true
		}
	}
	return "", false
}

func object(name string) string { return fmt.Sprintf("OIDC provider %q", name) }
