package accesskey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
)

// A keyring is what the resources of this package can do with the keys of a user: find
// them, issue one, retire one.
type keyring struct{ connection.ForResource }

// A heldKey is a key and whose it is, as far as known.
type heldKey struct{ accessKeyID, userName, userID string }

// String names the key in a sentence.
func (k heldKey) String() string {
	if k.userName == "" {
		return "AccessKey " + k.accessKeyID
	}
	return "AccessKey " + k.accessKeyID + " of " + user(k.userName)
}

func user(name string) string { return fmt.Sprintf("RAM user %q", name) }

// find looks for the key; after an import its owner first.
func (r *keyring) find(ctx context.Context, reads reader, key heldKey) (sighting, error) {
	f := finder{Connection: r.Connection, reader: reads, heldKey: key}
	if f.userID == "" {
		if err := f.identifyOwner(ctx); err != nil {
			return sighting{}, err
		}
	}
	return f.find(ctx)
}

// sparesSelf refuses to do with the key what would take it out of use, if Terraform
// itself works with it. It makes no call.
func (r *keyring) sparesSelf(ctx context.Context, attempt string, key heldKey, diags *diag.Diagnostics) bool {
	return r.RefuseOnSelf(ctx, connection.Change{What: attempt + " " + key.String(), AccessKeyID: key.accessKeyID}, diags)
}

// judgePlaintext applies the provider argument plaintext_secrets to the attribute that
// would hold the secret.
func (r *keyring) judgePlaintext(at path.Path, diags *diag.Diagnostics) {
	const summary = "The secret of the new AccessKey will be in the state in clear text"
	const detail = "Whoever can read the state can use the key: keep the state in an encrypted backend that few can read.\n"
	switch r.PlaintextSecrets {
	case connection.PlaintextAllow:
	case connection.PlaintextError:
		diags.AddAttributeError(at, summary, detail+
			"The provider argument plaintext_secrets is \"error\", so the key is not created. Next step: set age_recipients or pgp_key, so that the state holds the secret encrypted; or set plaintext_secrets to \"warn\" or \"allow\" if the state is safe.")
	case connection.PlaintextWarn:
		diags.AddAttributeWarning(at, summary, detail+
			"Next step: set age_recipients or pgp_key, so that the state holds it encrypted; or set plaintext_secrets = \"allow\" in the provider block once that is so, or \"error\" to forbid it.")
	}
}
