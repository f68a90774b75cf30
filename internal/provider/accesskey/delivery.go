package accesskey

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

// sealer encrypts to the recipients in m, all of which are known. It is nil, without an
// error in diags, if there are none and the secret goes into the state as it is.
func (m *accessKeyModel) sealer(ctx context.Context, now time.Time, diags *diag.Diagnostics) sealing.Sealer {
	var sealer sealing.Sealer
	var err error
	at := path.Root("pgp_key")
	switch {
	case !m.AgeRecipients.IsNull():
		at = path.Root("age_recipients")
		var recipients []string
		diags.Append(m.AgeRecipients.ElementsAs(ctx, &recipients, false)...)
		sealer, err = sealing.ParseAgeRecipients(recipients)
	case !m.PGPKey.IsNull():
		sealer, err = sealing.ParsePGPKey(m.PGPKey.ValueString(), now)
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

func (m *accessKeyModel) recipientsKnown(ctx context.Context) bool {
	list, err := m.AgeRecipients.ToTerraformValue(ctx)
	return err == nil && list.IsFullyKnown() && !m.PGPKey.IsUnknown()
}

// planSecret shows in which form the secret of a new key will be in state, and for whom.
// It reports whether that is certain to be clear text. The time only makes the
// difference between a plan and an error.
func (m *accessKeyModel) planSecret(ctx context.Context, now time.Time, diags *diag.Diagnostics) (isPlain bool) {
	m.Secret, m.EncryptedSecret, m.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	if !m.recipientsKnown(ctx) {
		return false
	}
	switch sealer := m.sealer(ctx, now, diags); {
	case diags.HasError():
		return false
	case sealer == nil:
		m.EncryptedSecret, m.KeyFingerprint = types.StringNull(), types.StringNull()
		return true
	default:
		m.Secret, m.KeyFingerprint = types.StringNull(), types.StringValue(sealer.Fingerprint())
		return false
	}
}

// deliver puts the secret where state holds it. If it cannot be encrypted, state does
// not hold it at all.
func (m *accessKeyModel) deliver(secret rpc.Secret, sealer sealing.Sealer) error {
	m.Secret, m.EncryptedSecret, m.KeyFingerprint = types.StringNull(), types.StringNull(), types.StringNull()
	if sealer == nil {
		m.Secret = types.StringValue(secret.Reveal())
		return nil
	}
	m.KeyFingerprint = types.StringValue(sealer.Fingerprint())
	sealed, err := sealer.Seal(secret)
	if err == nil {
		m.EncryptedSecret = types.StringValue(sealed)
	}
	return err
}

// isAdopted says that the key came by an import, so that its secret never was in state.
func (m *accessKeyModel) isAdopted() bool { return m.Secret.IsNull() && m.EncryptedSecret.IsNull() }

// newRecipients are the attributes for which others have to get a secret of their own.
// The same recipients in another order or spelling are no reason.
func newRecipients(ctx context.Context, plan, state accessKeyModel, known record) path.Paths {
	var changed path.Paths
	if !plan.AgeRecipients.Equal(state.AgeRecipients) {
		changed = append(changed, path.Root("age_recipients"))
	}
	if !plan.PGPKey.Equal(state.PGPKey) {
		changed = append(changed, path.Root("pgp_key"))
	}
	if len(changed) == 0 || state.isAdopted() {
		return nil
	}
	var faults diag.Diagnostics // planSecret reports them
	if plan.recipientsKnown(ctx) {
		if sealer := plan.sealer(ctx, known.ObservedAt, &faults); sealer != nil && sealer.Fingerprint() == state.KeyFingerprint.ValueString() {
			return nil
		}
	}
	return changed
}
