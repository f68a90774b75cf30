package attachment

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
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

// planPrincipal decides what a change of the principal's name means: the same principal
// under another name is followed in place, another one is another object, for which the
// attributes named by perObject and the id are not known.
func (r *granting) planPrincipal(ctx context.Context, plan, state, stateID types.String, resp *resource.ModifyPlanResponse, perObject ...string) {
	if r.principal.renames == nil || plan.IsUnknown() || stateID.IsNull() {
		return
	}
	name, id := plan.ValueString(), stateID.ValueString()
	bearer, planned := r.principal.renames.planned(r.Connection).Planned(name)
	switch {
	case planned && bearer == id:
		return
	case planned:
	case plan.Equal(state):
		return
	default:
		if !r.CanCall() {
			return // Update asks who bears the name, and touches nothing if it is another one
		}
		if _, ok := r.Begin(ctx, &resp.Diagnostics); !ok {
			return
		}
		if bearer, err := r.principal.renames.bearer(ctx, r.Connection, name); err == nil && bearer == id {
			return
		}
	}
	// Not the name: if another principal bears the same one, Terraform would see no change.
	resp.RequiresReplace = append(resp.RequiresReplace, path.Root(r.principal.renames.id))
	for _, attribute := range append(perObject, r.principal.renames.id) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(attribute), types.StringUnknown())...)
	}
}

// confirmPrincipal asks, before an object follows its principal to another name, whether
// the one behind that name is the same.
func (r *granting) confirmPrincipal(ctx context.Context, object string, plan, stateID types.String, diags *diag.Diagnostics) bool {
	at, noun := path.Root(r.principal.attribute), r.principal.noun
	id, err := r.principal.renames.bearer(ctx, r.Connection, plan.ValueString())
	if err != nil {
		diags.Append(apidiag.AttributeError(at, "follow the renamed "+noun+" of "+object, err))
		return false
	}
	if id != stateID.ValueString() {
		diags.AddAttributeError(at, "Another "+noun+" bears the new name", fmt.Sprintf(
			"%s belongs to the %[2]s with ID %[3]s, but %[4]q is the %[2]s with ID %[5]s. Nothing was changed.\nNext step: plan again; it will be replaced.",
			object, noun, stateID.ValueString(), plan.ValueString(), id))
		return false
	}
	return true
}

// claimed is the holder as connection.Claims knows it.
func (r *granting) claimed(h holder) connection.PolicyHolder {
	return connection.PolicyHolder{Parent: connection.Parent{Kind: r.principal.kind, Name: h.name}, ResourceGroupID: h.resourceGroupID}
}

// warnOfMixing says that a set owns all policies of the holder, and others are managed
// one by one.
func (r *granting) warnOfMixing(h holder, singles []string, diags *diag.Diagnostics) {
	noun := r.principal.noun
	diags.AddWarning("The policies of "+h.object(r.principal)+" are managed twice", fmt.Sprintf(
		"ram_%[1]s_policy_attachments_exclusive owns all of them, and ram_%[1]s_policy_attachment manages %[2]s by itself. Each plan may undo what the other did.\n"+
			"Next step: keep one of the two. To move attachments into the set without detaching them, replace their resource blocks by removed blocks with destroy = false.",
		noun, strings.Join(singles, ", ")))
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

// importNamed imports by an identity or an ID that has these attributes: an ID as the
// example has them, with slashes between, and with the last one, the resource group, or
// without it.
func (r *granting) importNamed(ctx context.Context, names []string, example string, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	values := make([]types.String, len(names))
	if req.ID == "" {
		for i, name := range names {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &values[i])...)
		}
		schemakit.ImportAccount(ctx, req, resp)
	} else {
		parts := strings.Split(req.ID, "/")
		if n := len(names) - len(parts); n < 0 || n > 1 || slices.Contains(parts, "") {
			format := "<" + strings.Join(names[:len(names)-1], ">/<") + ">"
			resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
				"Expected an import ID of the form %[1]s, or %[1]s/<resource_group_id> for a resource group, such as %[2]q, but received %[3]q.", format, example, req.ID))
			return
		}
		for i, part := range parts {
			values[i] = types.StringValue(part)
		}
	}
	for i, name := range names {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), values[i])...)
	}
}

// refuseOnSelf refuses to take policies from what Terraform runs as; see
// connection.RefuseOnSelf.
func (r *granting) refuseOnSelf(ctx context.Context, what string, h holder, id, accountID types.String, diags *diag.Diagnostics) bool {
	change := connection.Change{What: what, AccountID: accountID.ValueString()}
	switch r.principal.kind {
	case connection.User:
		change.UserName, change.UserID = h.name, id.ValueString()
	case connection.Group:
		change.GroupName = h.name
	default:
		change.RoleName = h.name
	}
	return r.RefuseOnSelf(ctx, change, diags)
}
