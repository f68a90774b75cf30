package schemakit

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

// AgeRecipients is a list of texts that a secret can be encrypted to with age. The
// recipient at fault is marked; those not known yet are left for later.
func AgeRecipients() validator.List { return ageRecipients{} }

// PGPKey is an OpenPGP public key that a secret can be encrypted to, but for its dates:
// a key that has expired must not break plans that encrypt nothing. Who encrypts checks
// them with sealing.ParsePGPKey.
func PGPKey() validator.String { return pgpKey{} }

type ageRecipients struct{}

func (ageRecipients) Description(context.Context) string {
	return "must be age recipients: X25519, hybrid or ssh-ed25519"
}
func (a ageRecipients) MarkdownDescription(ctx context.Context) string { return a.Description(ctx) }

func (ageRecipients) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var faults diag.Diagnostics
	var texts []string
	for i, element := range req.ConfigValue.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		texts = append(texts, text.ValueString())
		err := sealing.CheckAgeRecipient(text.ValueString())
		if errors.Is(err, sealing.ErrPrivateKey) {
			resp.Diagnostics.Append(publicKeyFault(req.Path.AtListIndex(i), err)) // alone: see there
			return
		}
		if err != nil {
			faults.Append(publicKeyFault(req.Path.AtListIndex(i), err))
		}
	}
	resp.Diagnostics.Append(faults...)
	if len(texts) < len(req.ConfigValue.Elements()) || faults.HasError() {
		return
	}
	if _, err := sealing.ParseAgeRecipients(texts); err != nil {
		resp.Diagnostics.Append(publicKeyFault(req.Path, err))
	}
}

type pgpKey struct{}

func (pgpKey) Description(context.Context) string {
	return "must be an OpenPGP public key, armored or in base64"
}
func (p pgpKey) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

func (pgpKey) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := sealing.CheckPGPKey(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(publicKeyFault(req.Path, err))
	}
}

// publicKeyFault reports what is wrong with a public key. Terraform quotes the lines of
// the configuration that a diagnostic marks, so a private key is reported without a mark.
func publicKeyFault(at path.Path, err error) diag.Diagnostic {
	if errors.Is(err, sealing.ErrPrivateKey) {
		return diag.NewErrorDiagnostic("Private key given", fmt.Sprintf("The value of %s is refused: %s.", at, err))
	}
	return diag.NewAttributeErrorDiagnostic(at, "Invalid public key", fmt.Sprintf("The value of %s cannot be encrypted to: %s.", at, err))
}
