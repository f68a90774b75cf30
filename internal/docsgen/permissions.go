package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ramprovider/terraform-provider-ram/internal/provider"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

type purpose struct {
	text       string
	operations []rpc.Operation
}

// attachmentPurposes come before purposes for the resources that attach policies.
var attachmentPurposes = []purpose{
	{"Attachments for a resource group are read. Those for the whole account are read with a few calls if there are many, instead of one call for each principal.", []rpc.Operation{
		ramclient.OpListPolicyAttachments,
	}},
}

// groupPurposes come before purposes for the resources of groups.
var groupPurposes = []purpose{
	{"Before a plan takes members or policies from the group, it is found out whether the user that Terraform runs as is a member; see `allow_self_change`.", []rpc.Operation{
		ramclient.OpListGroupsForUser,
	}},
}

// loginPurposes come before purposes for ram_login_profile.
var loginPurposes = []purpose{
	{"The plan of a new login warns if the user has AccessKeys.", []rpc.Operation{ramclient.OpListAccessKeys}},
}

// purposes say what an optional call is good for, and so what is missing without its
// permission. Each operation that some table calls optional needs an entry.
var purposes = []purpose{
	{"Many objects are read with a few calls, instead of one call each.", []rpc.Operation{
		ramclient.OpListUsers, ramclient.OpListRoles, ramclient.OpListPolicies,
	}},
	{"Many groups are read with a few calls, and one that was renamed elsewhere is found by its ID. Without it, it is taken for gone.", []rpc.Operation{
		ramclient.OpListGroups,
	}},
	{"Login names are made with the account's own domain. Without it they are made with `<account id>.onaliyun.com`, which the service takes as well.", []rpc.Operation{
		ramclient.OpGetDefaultDomain,
	}},
	{"`reset_on_destroy`: the alias is taken away.", []rpc.Operation{ramclient.OpClearAccountAlias}},
	{"Many providers are read with a few calls, and an error about an issuer that is taken names the one that has it.", []rpc.Operation{ramclient.OpListOIDCProviders}},
	{"A user that was deleted elsewhere is found in the recycle bin. Without it, it is taken for gone.", []rpc.Operation{
		ramclient.OpGetUserInRecycleBin,
	}},
	{"Users in the recycle bin are seen: an error about a name that is taken tells whether its owner is there, `restore_if_recycled` finds whom to restore, and a list of recycled AccessKeys has theirs.", []rpc.Operation{
		ramclient.OpListUsersInRecycleBin,
	}},
	{"`restore_if_recycled`: the user is taken out of the recycle bin.", []rpc.Operation{
		ramclient.OpRestoreUserFromRecycleBin,
	}},
	{"`on_destroy = \"purge\"`: the user is deleted from the recycle bin, too.", []rpc.Operation{ramclient.OpDeleteUserInRecycleBin}},
	{"`on_destroy = \"purge\"`: the AccessKey is deleted from the recycle bin, too. Without it, such a destroy fails.", []rpc.Operation{ramclient.OpDeleteAccessKeyInRecycleBin}},
	{"`require_idle` and `quarantine` look at when the AccessKey was used last; `require_idle` fails without it. Messages about AccessKeys tell it.", []rpc.Operation{ramclient.OpGetAccessKeyLastUsed}},
	{"AccessKeys in the recycle bin are seen, where `recycled = true` asks for them or an action is about one.", []rpc.Operation{
		ramclient.OpGetUser, ramclient.OpGetAccessKeyInfoInRecycleBin, ramclient.OpListAccessKeysInRecycleBin,
	}},
	{"The limit of AccessKeys for each user is read. Without it, it is taken for two.", []rpc.Operation{ramclient.OpGetAccountSummary}},
	{"`policy_type` may be left out. It is then looked up by the name of the policy.", []rpc.Operation{ramclient.OpGetPolicy}},
	{"A document that an older version of the policy holds already is put back in force, instead of stored again.", []rpc.Operation{
		ramclient.OpSetDefaultPolicyVersion,
	}},
	{"`force_destroy`: what is in the way of deleting is found and removed.", []rpc.Operation{
		ramclient.OpListAccessKeys, ramclient.OpUpdateAccessKey, ramclient.OpDeleteAccessKey,
		ramclient.OpListPoliciesForUser, ramclient.OpListPoliciesForRole, ramclient.OpListEntitiesForPolicy, ramclient.OpListPolicyAttachments,
		ramclient.OpDetachPolicyFromUser, ramclient.OpDetachPolicyFromGroup, ramclient.OpDetachPolicyFromRole, ramclient.OpDetachPolicy,
		ramclient.OpListPoliciesForGroup, ramclient.OpListUsersForGroup, ramclient.OpListGroupsForUser, ramclient.OpRemoveUserFromGroup,
		ramclient.OpGetLoginProfile, ramclient.OpDeleteLoginProfile, ramclient.OpGetUserMFAInfo, ramclient.OpUnbindMFADevice,
		ramclient.OpListExternalApplications, ramclient.OpListApplicationAssignments, ramclient.OpDeleteApplicationAssignment,
	}},
}

// permissionSections makes the section "Permissions" of everything that declares some,
// keyed by what the template's marker says, such as "permissions of Resource ram_role".
func permissionSections(ctx context.Context) (map[string]string, error) {
	sections := map[string]string{}
	var errs []error
	add := func(kind, name string, declarer any) {
		declared, ok := declarer.(permission.Declarer)
		if !ok {
			errs = append(errs, fmt.Errorf("%s %s does not implement permission.Declarer", kind, name))
			return
		}
		section, err := permissionSection(name, declared.Permissions())
		if err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", kind, name, err))
		}
		sections["permissions of "+kind+" "+name] = section
	}
	ram := provider.New(provider.Host{})
	for _, newResource := range ram.Resources(ctx) {
		r := newResource()
		var named resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "ram"}, &named)
		add("Resource", named.TypeName, r)
	}
	for _, newDataSource := range ram.DataSources(ctx) {
		d := newDataSource()
		var named datasource.MetadataResponse
		d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "ram"}, &named)
		add("Data Source", named.TypeName, d)
	}
	if ephemerals, ok := ram.(frameworkprovider.ProviderWithEphemeralResources); ok {
		for _, newEphemeral := range ephemerals.EphemeralResources(ctx) {
			e := newEphemeral()
			var named ephemeral.MetadataResponse
			e.Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: "ram"}, &named)
			add("Ephemeral Resource", named.TypeName, e)
		}
	}
	if lists, ok := ram.(frameworkprovider.ProviderWithListResources); ok {
		for _, newList := range lists.ListResources(ctx) {
			l := newList()
			var named resource.MetadataResponse
			l.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "ram"}, &named)
			add("List Resource", named.TypeName, l)
		}
	}
	if actions, ok := ram.(frameworkprovider.ProviderWithActions); ok {
		for _, newAction := range actions.Actions(ctx) {
			a := newAction()
			var named action.MetadataResponse
			a.Metadata(ctx, action.MetadataRequest{ProviderTypeName: "ram"}, &named)
			add("Action", named.TypeName, a)
		}
	}
	return sections, errors.Join(errs...)
}

// permissionSection is the Markdown of the table that name declares.
func permissionSection(name string, table permission.Table) (string, error) {
	verbs := []struct {
		name       string
		operations []rpc.Operation
	}{
		{"Read", table.Read},
		{"Create", table.Create},
		{"Update", table.Update},
		{"Delete", table.Delete},
		{"Import", table.Import},
		{"Invoke", table.Invoke},
	}
	var needed []string
	var out strings.Builder
	for _, verb := range verbs {
		if actions := actionsOf(verb.operations); len(actions) > 0 {
			if len(needed) == 0 {
				out.WriteString("| To | the caller needs |\n| --- | --- |\n")
			}
			needed = append(needed, actions...)
			fmt.Fprintf(&out, "| %s | %s |\n", verb.name, inCode(actions))
		}
	}
	if len(needed) == 0 {
		return "None.\n", nil
	}
	if table.Create != nil {
		out.WriteString("\nEvery plan reads, so the permissions to read are always needed.\n")
	}
	optional, err := optionalTable(name, table.Optional)
	if err != nil {
		return "", err
	}
	document, err := policyDocument(needed)
	if err != nil {
		return "", err
	}
	return out.String() + optional + "\nA policy with all that is needed:\n\n```json\n" + document + "\n```\n", nil
}

// optionalTable lists the calls that may be refused, by what they are good for: each by the
// first purpose that it serves.
func optionalTable(name string, operations []rpc.Operation) (string, error) {
	if len(operations) == 0 {
		return "", nil
	}
	var out strings.Builder
	out.WriteString("\nThese may be missing:\n\n| Permission | What it adds |\n| --- | --- |\n")
	known := purposes
	if strings.Contains(name, "_policy_attachment") {
		known = slices.Concat(attachmentPurposes, purposes)
	}
	if strings.HasPrefix(name, "ram_group") {
		known = slices.Concat(groupPurposes, known)
	}
	if name == "ram_login_profile" {
		known = slices.Concat(loginPurposes, purposes)
	}
	left := slices.Clone(operations)
	for _, purpose := range known {
		var here []rpc.Operation
		for _, operation := range left {
			if slices.Contains(purpose.operations, operation) {
				here = append(here, operation)
			}
		}
		left = slices.DeleteFunc(left, func(o rpc.Operation) bool { return slices.Contains(here, o) })
		if len(here) > 0 {
			fmt.Fprintf(&out, "| %s | %s |\n", inCode(actionsOf(here)), purpose.text)
		}
	}
	if len(left) > 0 {
		return "", fmt.Errorf("no purpose is written for the optional operation %s", left[0].Name)
	}
	return out.String(), nil
}

// policyDocument allows the actions, each once and in alphabetical order.
func policyDocument(actions []string) (string, error) {
	actions = slices.Compact(slices.Sorted(slices.Values(actions)))
	type statement struct {
		Effect   string
		Action   []string
		Resource string
	}
	text, err := json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"1", []statement{{"Allow", actions, "*"}}}, "", "  ")
	return string(text), err
}

// actionsOf are the actions to allow for the operations, each once and in their order.
func actionsOf(operations []rpc.Operation) []string {
	var actions []string
	for _, operation := range operations {
		if action := operation.Permission(); action != "" && !slices.Contains(actions, action) {
			actions = append(actions, action)
		}
	}
	return actions
}

func inCode(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
