package policy

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A grant is the policy in the hands of somebody.
type grant struct {
	// holder names the principal, for people.
	holder string
	detach func(context.Context) error
}

// grants are all attachments of the policy: those for the whole account, and, if the
// caller may see them, those for resource groups, which only ResourceManager tells.
func (r *policyResource) grants(ctx context.Context, accountID, name string) ([]grant, error) {
	entities, err := r.Client.ListEntitiesForPolicy(ctx, custom(name))
	if err != nil {
		return nil, err
	}
	var all []grant
	for _, user := range entities.Users {
		in := ramclient.UserPolicy{UserName: user.UserName, PolicyName: name, PolicyType: ramclient.PolicyCustom}
		all = append(all, grant{"user " + user.UserName, func(ctx context.Context) error { return r.Client.DetachPolicyFromUser(ctx, in) }})
	}
	for _, group := range entities.Groups {
		in := ramclient.GroupPolicy{GroupName: group.GroupName, PolicyName: name, PolicyType: ramclient.PolicyCustom}
		all = append(all, grant{"group " + group.GroupName, func(ctx context.Context) error { return r.Client.DetachPolicyFromGroup(ctx, in) }})
	}
	for _, role := range entities.Roles {
		in := ramclient.RolePolicy{RoleName: role.RoleName, PolicyName: name, PolicyType: ramclient.PolicyCustom}
		all = append(all, grant{"role " + role.RoleName, func(ctx context.Context) error { return r.Client.DetachPolicyFromRole(ctx, in) }})
	}
	scoped, err := r.grantsForResourceGroups(ctx, accountID, name)
	if ramclient.IsNoPermission(err) {
		return all, nil
	}
	return append(all, scoped...), err
}

func (r *policyResource) grantsForResourceGroups(ctx context.Context, accountID, name string) ([]grant, error) {
	var scoped []grant
	for attached, err := range r.Client.ListPolicyAttachments(ctx, ramclient.ListPolicyAttachmentsInput{
		PolicyName: name, PolicyType: ramclient.PolicyCustom,
	}) {
		if err != nil {
			return nil, err
		}
		if attached.ResourceGroupID == accountID {
			continue
		}
		in := ramclient.ScopedAttachment{
			PolicyName: name, PolicyType: ramclient.PolicyCustom, ResourceGroupID: attached.ResourceGroupID,
			PrincipalType: attached.PrincipalType, PrincipalName: attached.PrincipalName,
		}
		scoped = append(scoped, grant{
			attached.PrincipalName + " for resource group " + attached.ResourceGroupID,
			func(ctx context.Context) error { return r.Client.DetachPolicy(ctx, in) },
		})
	}
	return scoped, nil
}

// detachAll takes the policy from everybody who has it. What is gone already does not
// matter, so it can be repeated.
func (r *policyResource) detachAll(ctx context.Context, accountID, name string) error {
	grants, err := r.grants(ctx, accountID, name)
	if ramclient.IsNotFound(err) {
		return nil
	}
	for _, grant := range grants {
		if err := grant.detach(ctx); err != nil && !ramclient.IsNotFound(err) {
			return err
		}
		r.Recent.Loosened(parent(name))
	}
	return err
}

// parent is the policy as others hang on it.
func parent(name string) connection.Parent {
	return connection.Parent{Kind: connection.Policy, Name: name}
}
