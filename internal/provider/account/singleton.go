package account

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

// singleton is the identity of what an account has once.
type singleton struct {
	AccountID types.String `tfsdk:"account_id"`
}

func singletonIdentity() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": schemakit.IdentityName("ID of the account."),
	}}
}

// onlyOne is a sentence for the documentation: Terraform shows a provider one resource at
// a time, so a second one cannot be noticed.
func onlyOne(resourceType string) string {
	return "An account has it once: write one `" + resourceType + "` for each account, since two would undo each other's changes in every run."
}

var aliasPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// aliasFormat is what SetAccountAlias takes (RAM API). Its pages differ on the longest
// alias; 32 is in all of them.
func aliasFormat() validator.String {
	return stringvalidator.All(
		stringvalidator.LengthBetween(3, 32),
		stringvalidator.RegexMatches(aliasPattern, "an alias has lower-case letters, digits and single '-' within"),
	)
}
