// Package document gives policy documents an attribute type of their own: JSON text
// that is checked when the configuration is validated and compared by meaning, so
// that neither the service's spelling nor a reformat plans a change.
package document

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// Kind says which grammar a document follows.
type Kind int

const (
	// Policy is a permission policy: what its holder may do.
	Policy Kind = iota
	// Trust is a role's trust policy: who may assume it.
	Trust
)

func (k Kind) validate(text string) error {
	if k == Trust {
		return policy.ValidateTrust(text)
	}
	return policy.ValidateIdentity(text)
}

func (k Kind) String() string {
	if k == Trust {
		return "trust policy"
	}
	return "policy"
}

// Type is the attribute type of a document.
type Type struct {
	basetypes.StringType
	Kind Kind
}

var (
	_ basetypes.StringTypable                    = Type{}
	_ basetypes.StringValuableWithSemanticEquals = Value{}
	_ xattr.ValidateableAttribute                = Value{}
)

// Equal implements attr.Type.
func (t Type) Equal(other attr.Type) bool {
	o, ok := other.(Type)
	return ok && t.Kind == o.Kind
}

// String implements attr.Type.
func (t Type) String() string { return "document.Type" }

// ValueType implements attr.Type.
func (t Type) ValueType(context.Context) attr.Value { return Value{Kind: t.Kind} }

// ValueFromString implements basetypes.StringTypable.
func (t Type) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{StringValue: in, Kind: t.Kind}, nil
}

// ValueFromTerraform implements attr.Type.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("a document is a string, not a %T", value)
	}
	return Value{StringValue: text, Kind: t.Kind}, nil
}

// Value is the text of a document.
type Value struct {
	basetypes.StringValue
	Kind Kind
}

// NewValue is the known document text of the given kind.
func NewValue(kind Kind, text string) Value {
	return Value{StringValue: basetypes.NewStringValue(text), Kind: kind}
}

// Type implements attr.Value.
func (v Value) Type(context.Context) attr.Type { return Type{Kind: v.Kind} }

// Equal implements attr.Value: the same text, letter by letter.
func (v Value) Equal(other attr.Value) bool {
	o, ok := other.(Value)
	return ok && v.StringValue.Equal(o.StringValue)
}

// SameMeaning says whether two documents say the same, however they are spelled.
func (v Value) SameMeaning(other Value) bool {
	return policy.Equal(v.ValueString(), other.ValueString())
}

// StringSemanticEquals implements basetypes.StringValuableWithSemanticEquals: the
// same meaning. The framework asks it after Create, Read and Update, but not while
// planning; there KeepSpelling does the same.
func (v Value) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(Value)
	return ok && v.SameMeaning(o), nil
}

// ValidateAttribute implements xattr.ValidateableAttribute.
func (v Value) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if err := v.Kind.validate(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+v.Kind.String()+" document", err.Error())
	}
}

// KeepSpelling is a plan modifier that puts the text of the prior state back when the
// configured one has the same meaning. The framework compares by meaning everywhere
// but in the plan, so without it a reformatted document would plan an update.
func KeepSpelling() planmodifier.String { return keepSpelling{} }

type keepSpelling struct{}

func (keepSpelling) Description(context.Context) string {
	return "Documents are compared by meaning: spelling and order do not plan a change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if policy.Equal(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
