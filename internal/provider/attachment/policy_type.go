package attachment

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// reader reads a policy, through the shared reads or directly.
type reader func(context.Context, ramclient.PolicyRef) (ramclient.PolicyWithDocument, error)

// lookUpPolicyType finds the type of the policy called name. It reports false if there
// is none; two of the same name are an error, since only the configuration can tell
// which one is meant.
func lookUpPolicyType(ctx context.Context, name string, read reader, diags *diag.Diagnostics) (ramclient.PolicyType, bool) {
	var found []ramclient.PolicyType
	for _, policyType := range []ramclient.PolicyType{ramclient.PolicyCustom, ramclient.PolicySystem} {
		_, err := read(ctx, ramclient.PolicyRef{PolicyName: name, PolicyType: policyType})
		switch {
		case err == nil:
			found = append(found, policyType)
		case !ramclient.IsNotFound(err):
			diags.Append(apidiag.AttributeError(path.Root("policy_type"), fmt.Sprintf("look up the type of policy %q", name), err))
			return "", false
		}
	}
	if len(found) == 2 {
		diags.AddAttributeError(path.Root("policy_type"), "The policy name is ambiguous", fmt.Sprintf(
			"There is a policy of your own and one of Alibaba Cloud called %q.\nNext step: set policy_type to Custom or to System.", name))
		return "", false
	}
	if len(found) == 0 {
		return "", false
	}
	return found[0], true
}

// findPolicyType is the look-up at apply: now the policy has to be there, but if this
// run made it, the service may take a moment to know it.
func (r *granting) findPolicyType(ctx context.Context, name string, diags *diag.Diagnostics) (ramclient.PolicyType, bool) {
	direct := func(ctx context.Context, ref ramclient.PolicyRef) (policy ramclient.PolicyWithDocument, err error) {
		if ref.PolicyType == ramclient.PolicySystem {
			return r.Client.GetPolicy(ctx, ref)
		}
		err = r.Recent.Await(ctx, func(ctx context.Context) error {
			policy, err = r.Client.GetPolicy(ctx, ref)
			return err
		}, func(err error) (connection.Parent, bool) {
			return connection.Parent{Kind: connection.Policy, Name: name}, ramclient.IsNotFound(err)
		})
		return policy, err
	}
	policyType, found := lookUpPolicyType(ctx, name, direct, diags)
	if !found {
		if !diags.HasError() {
			diags.AddAttributeError(path.Root("policy_name"), "There is no such policy", fmt.Sprintf(
				"No policy is called %q, neither one of this account nor one of Alibaba Cloud.\nNext step: check policy_name.", name))
		}
	}
	return policyType, found
}
