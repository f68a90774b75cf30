// Package session is what lasts no longer than a run of Terraform: ephemeral resources,
// whose values are in neither plan nor state. Terraform opens them anew in plan, apply
// and destroy, so none of them makes anything that stays.
package session

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

var (
	_ ephemeral.EphemeralResource = (*decryptedSecret)(nil)
	_ permission.Declarer         = (*decryptedSecret)(nil)
)

// identityVariable is the environment variable that holds an age identity.
const identityVariable = "RAM_AGE_IDENTITY"

// NewDecryptedSecret makes ram_decrypted_secret. It works on the machine alone: it needs
// no credentials and calls nobody.
func NewDecryptedSecret(machine auth.Machine) ephemeral.EphemeralResource {
	return &decryptedSecret{machine}
}

type decryptedSecret struct{ machine auth.Machine }

type decryptedSecretModel struct {
	EncryptedSecret types.String `tfsdk:"encrypted_secret"`
	Identity        types.String `tfsdk:"identity"`
	IdentityFile    types.String `tfsdk:"identity_file"`
	Secret          types.String `tfsdk:"secret"`
}

// Permissions implements permission.Declarer: nobody is called.
func (d *decryptedSecret) Permissions() permission.Table { return permission.Table{} }

// Metadata implements ephemeral.EphemeralResource.
func (d *decryptedSecret) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_decrypted_secret"
}

// Schema implements ephemeral.EphemeralResource.
func (d *decryptedSecret) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Decrypts a secret that was encrypted to age recipients, for the time of a run: to hand it to a write-only argument or a provider, without it being in plan, state or log. " +
			"Nobody is called. The age identity is needed whenever Terraform plans, applies or destroys.",
		Attributes: map[string]schema.Attribute{
			"encrypted_secret": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What to decrypt: an age file in ASCII armor. Null gives a null `secret`, and then no identity is needed: an AccessKey that was imported has none.",
			},
			"identity": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Content of an age identity file: lines that begin with `AGE-SECRET-KEY-`, comments, or an SSH private key of type ed25519 without passphrase. Give it from an ephemeral variable. Environment: `" + identityVariable + "`.",
				Validators:          []validator.String{stringvalidator.ConflictsWith(path.MatchRoot("identity_file"))},
			},
			"identity_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of an age identity file, instead of `identity`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"secret": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The decrypted secret.",
			},
		},
	}
}

// Open implements ephemeral.EphemeralResource.
func (d *decryptedSecret) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model decryptedSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Secret = types.StringNull()
	if !model.EncryptedSecret.IsNull() {
		model.Secret = d.decrypt(model, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (d *decryptedSecret) decrypt(model decryptedSecretModel, diags *diag.Diagnostics) types.String {
	identity, source, ok := d.identity(model, diags)
	if !ok {
		return types.StringNull()
	}
	secret, err := sealing.OpenAge(identity, model.EncryptedSecret.ValueString())
	if err != nil {
		diags.AddError("Cannot decrypt the secret", fmt.Sprintf(
			"Decrypting encrypted_secret with the age identity of %s failed: %s.\n"+
				"Next step: give the identity (age-keygen's, or the SSH key) of one of the recipients that the secret was encrypted to.", source, err))
		return types.StringNull()
	}
	return types.StringValue(secret.Reveal())
}

// identity finds the age identity, and says in words where.
func (d *decryptedSecret) identity(model decryptedSecretModel, diags *diag.Diagnostics) (identity rpc.Secret, source string, ok bool) {
	fromEnvironment, _ := d.machine.Lookup(identityVariable)
	switch {
	case model.Identity.ValueString() != "":
		return rpc.NewSecret(model.Identity.ValueString()), "the argument identity", true
	case !model.IdentityFile.IsNull():
		name := model.IdentityFile.ValueString()
		content, err := d.machine.ReadFile(name)
		if err != nil {
			diags.AddAttributeError(path.Root("identity_file"), "Cannot read the age identity", fmt.Sprintf(
				"%s.\nNext step: put the identity there; plan, apply and destroy all need it.", err))
			return rpc.Secret{}, "", false
		}
		return rpc.NewSecret(string(content)), "the file " + name, true
	case fromEnvironment != "":
		return rpc.NewSecret(fromEnvironment), "the environment variable " + identityVariable, true
	default:
		diags.AddError("No age identity to decrypt the secret with", fmt.Sprintf(
			"There is an encrypted_secret, but neither identity nor identity_file nor the environment variable %s has a value.\n"+
				"Next step: give one of them. Plan, apply and destroy all need it, since Terraform opens ephemeral resources in each.", identityVariable))
		return rpc.Secret{}, "", false
	}
}
