package accesskey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

// recipients are the arguments that say to whom secrets are encrypted.
type recipients struct {
	AgeRecipients types.List   `tfsdk:"age_recipients"`
	PGPKey        types.String `tfsdk:"pgp_key"`
}

// ageRecipientsAttribute tells what is encrypted, and what a change of recipients does.
func ageRecipientsAttribute(encrypted, change string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Encrypt " + encrypted + " with age to these, so that the state holds only `encrypted_secret`: X25519 recipients (`age1…`), SSH keys of type `ssh-ed25519`, or hybrid recipients (`age1pq1…`, not together with others). " +
			change + "; the same in another order, or adding some after an import, does not.",
		Validators: []validator.List{schemakit.AgeRecipients(), listvalidator.ConflictsWith(path.MatchRoot("pgp_key"))},
	}
}

// pgpKeyAttribute tells what is encrypted, and what a change of the key does.
func pgpKeyAttribute(encrypted, change string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Encrypt " + encrypted + " to this OpenPGP public key, armored or in base64, so that the state holds only `encrypted_secret`. It must be made for encryption, neither expired nor revoked, and of at least 2048 bits if RSA. " +
			change + "; the same key prolonged, or adding one after an import, does not.",
		Validators: []validator.String{schemakit.PGPKey()},
	}
}

// delivered is how the state holds a secret: as it is, or encrypted and to whom.
type delivered struct {
	Secret          types.String `tfsdk:"secret"`
	EncryptedSecret types.String `tfsdk:"encrypted_secret"`
	KeyFingerprint  types.String `tfsdk:"key_fingerprint"`
}

// sealer encrypts to the recipients, all of which are known. It is nil, without an error
// in diags, if there are none and the secret goes into the state as it is.
func (r recipients) sealer(ctx context.Context, now time.Time, diags *diag.Diagnostics) sealing.Sealer {
	var sealer sealing.Sealer
	var err error
	at := path.Root("pgp_key")
	switch {
	case !r.AgeRecipients.IsNull():
		at = path.Root("age_recipients")
		sealer, err = sealing.ParseAgeRecipients(r.ages(ctx, diags))
	case !r.PGPKey.IsNull():
		sealer, err = sealing.ParsePGPKey(r.PGPKey.ValueString(), now)
	}
	const summary, detail = "Cannot encrypt the secret of a new AccessKey", "No key is created whose secret could not be delivered: "
	switch {
	case errors.Is(err, sealing.ErrPrivateKey):
		diags.AddError(summary, detail+err.Error()+".") // a mark would show the key
		return nil
	case err != nil:
		diags.AddAttributeError(at, summary, detail+err.Error()+".")
		return nil
	}
	return sealer
}

func (r recipients) ages(ctx context.Context, diags *diag.Diagnostics) []string {
	var ages []string
	diags.Append(r.AgeRecipients.ElementsAs(ctx, &ages, false)...)
	return ages
}

// fingerprint tells the recipients apart from others, whatever the time is: that a key
// has expired makes no other key of it. It is empty if there are none, or none that can
// be read.
func (r recipients) fingerprint(ctx context.Context) string {
	if !r.AgeRecipients.IsNull() {
		var faults diag.Diagnostics
		if sealer, err := sealing.ParseAgeRecipients(r.ages(ctx, &faults)); err == nil && !faults.HasError() {
			return sealer.Fingerprint()
		}
		return ""
	}
	fingerprint, err := sealing.PGPKeyFingerprint(r.PGPKey.ValueString())
	if err != nil {
		return ""
	}
	return fingerprint
}

func (r recipients) areKnown(ctx context.Context) bool {
	list, err := r.AgeRecipients.ToTerraformValue(ctx)
	return err == nil && list.IsFullyKnown() && !r.PGPKey.IsUnknown()
}

// changedSince are the attributes for which others have to get a secret of their own
// than those it was encrypted to before. The same recipients in another order or
// spelling are no reason.
func (r recipients) changedSince(ctx context.Context, before recipients, fingerprint types.String) path.Paths {
	var changed path.Paths
	if !r.AgeRecipients.Equal(before.AgeRecipients) {
		changed = append(changed, path.Root("age_recipients"))
	}
	if !r.PGPKey.Equal(before.PGPKey) {
		changed = append(changed, path.Root("pgp_key"))
	}
	if len(changed) > 0 && r.areKnown(ctx) && r.fingerprint(ctx) == fingerprint.ValueString() {
		return nil
	}
	return changed
}

// plan shows in which form the secret of a new key will be in state, and for whom. It
// reports whether that is certain to be clear text. The time only makes the difference
// between a plan and an error.
func (d *delivered) plan(ctx context.Context, to recipients, now time.Time, diags *diag.Diagnostics) (isPlain bool) {
	d.Secret, d.EncryptedSecret, d.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	if !to.areKnown(ctx) {
		return false
	}
	switch sealer := to.sealer(ctx, now, diags); {
	case diags.HasError():
		return false
	case sealer == nil:
		d.EncryptedSecret, d.KeyFingerprint = types.StringNull(), types.StringNull()
		return true
	default:
		d.Secret, d.KeyFingerprint = types.StringNull(), types.StringValue(sealer.Fingerprint())
		return false
	}
}

// deliver puts the secret where state holds it. If it cannot be encrypted, state does
// not hold it at all.
func (d *delivered) deliver(secret rpc.Secret, sealer sealing.Sealer) error {
	d.Secret, d.EncryptedSecret, d.KeyFingerprint = types.StringNull(), types.StringNull(), types.StringNull()
	if sealer == nil {
		d.Secret = types.StringValue(secret.Reveal())
		return nil
	}
	d.KeyFingerprint = types.StringValue(sealer.Fingerprint())
	sealed, err := sealer.Seal(secret)
	if err == nil {
		d.EncryptedSecret = types.StringValue(sealed)
	}
	return err
}

// isAdopted says that the key came by an import, so that its secret never was in state.
func (d delivered) isAdopted() bool { return d.Secret.IsNull() && d.EncryptedSecret.IsNull() }
