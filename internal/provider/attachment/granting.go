package attachment

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// granting is what all resources of this package have in common: how policies get to
// one kind of principal, and away.
type granting struct {
	connection.ForResource
	principal principal
}

// attach attaches the policy and reports whether somebody else had done so before.
func (r *granting) attach(ctx context.Context, wanted grant) (foreign bool, err error) {
	return consistency.Relation{
		Send: func(ctx context.Context) error {
			return r.Recent.Await(ctx, func(ctx context.Context) error { return r.principal.attach(ctx, r.Client, wanted) }, r.missingParent(wanted))
		},
		Present: func(ctx context.Context) (bool, error) {
			attached, err := r.list(ctx, wanted.holder)
			_, present := wanted.in(attached)
			return present, err
		},
	}.Run(ctx, r.Clock)
}

// detach detaches the policy, if it is not gone already.
func (r *granting) detach(ctx context.Context, unwanted grant) error {
	if err := r.principal.detach(ctx, r.Client, unwanted); err != nil && !ramclient.IsNotFound(err) {
		return err
	}
	r.Recent.Loosened(connection.Parent{Kind: r.principal.kind, Name: unwanted.name})
	r.Recent.Loosened(connection.Parent{Kind: connection.Policy, Name: unwanted.PolicyName})
	return nil
}

// list asks the service itself for the policies of the holder.
func (r *granting) list(ctx context.Context, h holder) ([]ramclient.AttachedPolicy, error) {
	return r.Client.PoliciesOf(ctx, ramclient.Principal{Type: r.principal.listed, Name: h.name}, h.resourceGroupID)
}

// missingParent tells from an error which of the two ends the service does not know.
func (r *granting) missingParent(g grant) func(error) (connection.Parent, bool) {
	return func(err error) (connection.Parent, bool) {
		switch ramclient.Code(err) {
		case "EntityNotExist.User", "EntityNotExist.Group", "EntityNotExist.Role":
			return connection.Parent{Kind: r.principal.kind, Name: g.name}, true
		case "EntityNotExist.Policy":
			return connection.Parent{Kind: connection.Policy, Name: g.PolicyName}, true
		}
		return connection.Parent{}, false
	}
}

// nameAttribute is the name of the principal; what names the dependent that follows it.
func (r *granting) nameAttribute(dependent string) schema.StringAttribute {
	name := schema.StringAttribute{Required: true, MarkdownDescription: "Name of the " + r.principal.noun + "."}
	if r.principal.renames == nil {
		name.Validators = []validator.String{schemakit.RoleName()}
		name.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}
		return name
	}
	name.Validators = []validator.String{schemakit.UserName()} // groups are named alike
	name.MarkdownDescription += " If the " + r.principal.noun + " is renamed, " + dependent + " in place."
	return name
}

// resourceGroupPattern is what the ids of resource groups look like in the samples of the
// ResourceManager API. It keeps out the account's id, which that API takes as well.
var resourceGroupPattern = regexp.MustCompile(`^rg-[A-Za-z0-9-]+$`)

func resourceGroupAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          []validator.String{stringvalidator.RegexMatches(resourceGroupPattern, "the ID of a resource group begins with rg-")},
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func resourceGroupIdentity() identityschema.StringAttribute {
	return identityschema.StringAttribute{OptionalForImport: true, Description: "ID of the resource group; the whole account if left out."}
}

// importParts splits an import ID at its slashes into the parts of the format, such as
// "<role_name>/<policy_type>/<policy_name>". A resource group may follow; it comes last in
// the parts, empty if there is none.
func importParts(id, format, example string, diags *diag.Diagnostics) ([]string, bool) {
	required := strings.Count(format, "/") + 1
	parts := strings.Split(id, "/")
	complete := len(parts) == required || len(parts) == required+1
	for _, part := range parts {
		complete = complete && part != ""
	}
	if !complete {
		diags.AddError("Invalid import ID", fmt.Sprintf(
			"Expected an import ID of the form %[1]s, or %[1]s/<resource_group_id> for a resource group, such as %q, but received %q.", format, example, id))
		return nil, false
	}
	if len(parts) == required {
		parts = append(parts, "")
	}
	return parts, true
}
