package policy

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A grant is the policy in the hands of somebody.
type grant struct {
	// holder names the principal, for people.
	holder string
	// loss is what the principal loses with it.
	loss   connection.Change
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
		all = append(all, grant{"user " + user.UserName, connection.Change{UserName: user.UserName}, func(ctx context.Context) error { return r.Client.DetachPolicyFromUser(ctx, in) }})
	}
	for _, group := range entities.Groups {
		in := ramclient.GroupPolicy{GroupName: group.GroupName, PolicyName: name, PolicyType: ramclient.PolicyCustom}
		all = append(all, grant{"group " + group.GroupName, connection.Change{GroupName: group.GroupName}, func(ctx context.Context) error { return r.Client.DetachPolicyFromGroup(ctx, in) }})
	}
	for _, role := range entities.Roles {
		in := ramclient.RolePolicy{RoleName: role.RoleName, PolicyName: name, PolicyType: ramclient.PolicyCustom}
		all = append(all, grant{"role " + role.RoleName, connection.Change{RoleName: role.RoleName}, func(ctx context.Context) error { return r.Client.DetachPolicyFromRole(ctx, in) }})
	}
	scoped, err := r.grantsForResourceGroups(ctx, accountID, name)
	if ramclient.IsNoPermission(err) {
		return all, nil
	}
	return append(all, scoped...), err
}

func (r *policyResource) grantsForResourceGroups(ctx context.Context, accountID, name string) ([]grant, error) {
	found, err := r.Client.AttachmentsForResourceGroups(ctx, accountID, ramclient.ListPolicyAttachmentsInput{
		PolicyName: name, PolicyType: ramclient.PolicyCustom,
	})
	var scoped []grant
	for _, attached := range found {
		in := ramclient.ScopedAttachment{
			PolicyName: name, PolicyType: ramclient.PolicyCustom, ResourceGroupID: attached.ResourceGroupID,
			PrincipalType: attached.PrincipalType, PrincipalName: attached.PrincipalName,
		}
		scoped = append(scoped, grant{
			attached.PrincipalName + " for resource group " + attached.ResourceGroupID,
			lossOf(attached),
			func(ctx context.Context) error { return r.Client.DetachPolicy(ctx, in) },
		})
	}
	return scoped, err
}

// lossOf reads the principal's name out of its login name, such as
// ops@role.1000000000000001.onaliyunservice.com.
func lossOf(attached ramclient.PolicyAttachment) connection.Change {
	name, _, _ := strings.Cut(attached.PrincipalName, "@")
	switch attached.PrincipalType {
	case ramclient.PrincipalUser:
		return connection.Change{UserName: name}
	case ramclient.PrincipalGroup:
		return connection.Change{GroupName: name}
	default:
		return connection.Change{RoleName: name}
	}
}

// sparesSelf refuses to take the policy from what Terraform runs as; see
// connection.RefuseOnSelf.
func (r *policyResource) sparesSelf(ctx context.Context, name string, grants []grant, diags *diag.Diagnostics) bool {
	for _, grant := range grants {
		grant.loss.What = "destroy " + object(name) + ", which takes it from " + grant.holder
		if !r.RefuseOnSelf(ctx, grant.loss, diags) {
			return false
		}
	}
	return true
}

// detachAll takes the policy from everybody who has it. What is gone already does not
// matter, so it can be repeated. It reports false, with an error in diags, if the policy
// is not to be deleted then.
func (r *policyResource) detachAll(ctx context.Context, accountID, name string, diags *diag.Diagnostics) bool {
	grants, err := r.grants(ctx, accountID, name)
	if ramclient.IsNotFound(err) {
		return true
	}
	if !r.sparesSelf(ctx, name, grants, diags) {
		return false
	}
	for _, grant := range grants {
		if failed := grant.detach(ctx); failed != nil && !ramclient.IsNotFound(failed) {
			err = failed
			break
		}
		r.Recent.Loosened(parent(name))
	}
	if err != nil {
		diags.Append(apidiag.Error("detach "+object(name), err))
	}
	return err == nil
}

// parent is the policy as others hang on it.
func parent(name string) connection.Parent {
	return connection.Parent{Kind: connection.Policy, Name: name}
}
