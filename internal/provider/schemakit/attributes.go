package schemakit

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// AccountID is on every resource: the account that the object belongs to. It is
// compared with the caller's before anything is concluded about the object.
func AccountID() schema.StringAttribute {
	return Computed("ID of the Alibaba Cloud account that the object belongs to.")
}

// Computed is a text that the service sets once: it never changes while the object
// lives, so a plan keeps it.
func Computed(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// TagsAttribute is the resource's own tags.
func TagsAttribute() schema.MapAttribute {
	return schema.MapAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Tags, at most 20. Together with the provider's `default_tags` they make `tags_all`.",
		Validators:          Tags(),
	}
}

// TagsAllAttribute is everything the object is tagged with.
func TagsAllAttribute() schema.MapAttribute {
	return schema.MapAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "All tags of the object: `tags` and the provider's `default_tags`, without those of `ignore_tags`.",
	}
}

// IdentityName is the part of an identity that an import must give.
func IdentityName(description string) identityschema.StringAttribute {
	return identityschema.StringAttribute{RequiredForImport: true, Description: description}
}

// IdentityAccount is the part of every identity that tells accounts apart.
func IdentityAccount() identityschema.StringAttribute {
	return identityschema.StringAttribute{OptionalForImport: true, Description: "ID of the account; the provider's own if left out."}
}

// StringOrNull is null for the empty text, which is how the service says "none".
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
