package group

import (
	"context"
	"fmt"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A belonging is what the service refuses to delete a group with (IMS API,
// DeleteGroup): a member, or a policy.
type belonging struct {
	// is says what it is, for people.
	is     string
	remove func(context.Context) error
}

// belongings are the members and the policies of the group, read directly. Policies
// that the group has for a resource group are told by ResourceManager only, and left
// out for a caller who may not ask it.
func (r *groupResource) belongings(ctx context.Context, accountID, name string) ([]belonging, error) {
	var all []belonging
	for member, err := range r.Client.ListUsersForGroup(ctx, name) {
		if err != nil {
			return nil, err
		}
		all = append(all, belonging{"member " + member.UserPrincipalName, func(ctx context.Context) error {
			return r.Client.RemoveUserFromGroup(ctx, member.UserPrincipalName, name)
		}})
	}
	attached, err := r.Client.ListPoliciesForGroup(ctx, name)
	if err != nil {
		return nil, err
	}
	for _, policy := range attached {
		all = append(all, r.policy(ramclient.GroupPolicy{GroupName: name, PolicyName: policy.PolicyName, PolicyType: policy.PolicyType}))
	}
	scoped, err := r.policiesInResourceGroups(ctx, accountID, name)
	if ramclient.IsNoPermission(err) {
		return all, nil
	}
	return append(all, scoped...), err
}

func (r *groupResource) policiesInResourceGroups(ctx context.Context, accountID, name string) ([]belonging, error) {
	principal, err := r.PrincipalName(ctx, name)
	if err != nil {
		return nil, err
	}
	grants, err := r.Client.AttachmentsForResourceGroups(ctx, accountID, ramclient.ListPolicyAttachmentsInput{
		PrincipalType: ramclient.PrincipalGroup, PrincipalName: strings.Replace(principal, "@", "@group.", 1),
	})
	var scoped []belonging
	for _, grant := range grants {
		scoped = append(scoped, r.policy(ramclient.GroupPolicy{
			GroupName: name, PolicyName: grant.PolicyName, PolicyType: grant.PolicyType, ResourceGroupID: grant.ResourceGroupID,
		}))
	}
	return scoped, err
}

func (r *groupResource) policy(in ramclient.GroupPolicy) belonging {
	is := fmt.Sprintf("policy %s (%s)", in.PolicyName, in.PolicyType)
	if in.ResourceGroupID != "" {
		is += " for resource group " + in.ResourceGroupID
	}
	return belonging{is, func(ctx context.Context) error { return r.Client.DetachPolicyFromGroup(ctx, in) }}
}

// release takes members and policies off the group. What is gone already does not
// matter, so it can be repeated.
func (r *groupResource) release(ctx context.Context, accountID, name string) error {
	all, err := r.belongings(ctx, accountID, name)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := one.remove(ctx); err != nil && !ramclient.IsNotFound(err) {
			return err
		}
		r.Recent.Loosened(connection.Parent{Kind: connection.Group, Name: name})
	}
	return nil
}

// destruction is what a forced destroy takes from the members. Without force, the
// service keeps a group that has any.
func destruction(group ramclient.Group, accountID string) connection.Change {
	return connection.Change{What: "destroy " + object(group.GroupName), AccountID: accountID, GroupName: group.GroupName}
}

// list is the belongings, a line each.
func list(all []belonging) string {
	var lines strings.Builder
	for _, one := range all {
		lines.WriteString("\n- " + one.is)
	}
	return lines.String()
}
