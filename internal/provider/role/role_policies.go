package role

import (
	"context"
	"fmt"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// policies are what the role has, read directly: for the whole account, and for resource
// groups, which ResourceManager alone tells; a caller who may not ask it does without.
func (r *roleResource) policies(ctx context.Context, accountID, name string) ([]ramclient.RolePolicy, error) {
	attached, err := r.Client.ListPoliciesForRole(ctx, name)
	if err != nil {
		return nil, err
	}
	var all []ramclient.RolePolicy
	for _, policy := range attached {
		all = append(all, ramclient.RolePolicy{RoleName: name, PolicyName: policy.PolicyName, PolicyType: policy.PolicyType})
	}
	scoped, err := r.Client.AttachmentsForResourceGroups(ctx, accountID, ramclient.ListPolicyAttachmentsInput{
		PrincipalType: ramclient.PrincipalRole, PrincipalName: name + "@role." + accountID + ".onaliyunservice.com",
	})
	if err != nil && !ramclient.IsNoPermission(err) {
		return nil, err
	}
	for _, grant := range scoped {
		all = append(all, ramclient.RolePolicy{
			RoleName: name, PolicyName: grant.PolicyName, PolicyType: grant.PolicyType, ResourceGroupID: grant.ResourceGroupID,
		})
	}
	return all, nil
}

// detachAll takes all policies off the role. What is gone already does not matter, so it
// can be repeated.
func (r *roleResource) detachAll(ctx context.Context, accountID, name string) error {
	held, err := r.policies(ctx, accountID, name)
	if ramclient.IsNotFound(err) {
		return nil
	}
	for _, policy := range held {
		if err := r.Client.DetachPolicyFromRole(ctx, policy); err != nil && !ramclient.IsNotFound(err) {
			return err
		}
		r.Recent.Loosened(connection.Parent{Kind: connection.Role, Name: name})
	}
	return err
}

// lines is the policies, a line each.
func lines(held []ramclient.RolePolicy) string {
	var text strings.Builder
	for _, policy := range held {
		fmt.Fprintf(&text, "\n- policy %s (%s)", policy.PolicyName, policy.PolicyType)
		if policy.ResourceGroupID != "" {
			text.WriteString(" for resource group " + policy.ResourceGroupID)
		}
	}
	return text.String()
}
