package policy

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/listing"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

var (
	_ list.ListResourceWithConfigure = (*policyList)(nil)
	_ permission.Declarer            = (*policyList)(nil)
)

// NewList makes the list resource ram_policy.
func NewList() list.ListResource { return &policyList{} }

type policyList struct{ connection.ForList }

// Permissions implements permission.Declarer.
func (l *policyList) Permissions() permission.Table {
	return permission.Table{Read: []rpc.Operation{ramclient.OpListPolicies, ramclient.OpGetPolicy}}
}

// Metadata implements list.ListResource.
func (l *policyList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_policy"
}

// ListResourceConfigSchema implements list.ListResource.
func (l *policyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom policies of the account, without those of Alibaba Cloud, which Terraform cannot manage. " +
			"One call lists 1,000; with `include_resource = true` each policy takes another one, for its document.",
	}
}

// List implements list.ListResource.
func (l *policyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	caller, ok := l.Begin(ctx, &diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, diags, "list the custom policies", l.items(ctx, caller.AccountID))
}

func (l *policyList) items(ctx context.Context, accountID string) iter.Seq2[listing.Item, error] {
	return func(yield func(listing.Item, error) bool) {
		for policy, err := range l.Client.ListPolicies(ctx, ramclient.PolicyCustom) {
			item := listing.Item{
				DisplayName: policy.PolicyName,
				Identity:    policyIdentity{Name: types.StringValue(policy.PolicyName), AccountID: types.StringValue(accountID)},
				Fill: func(ctx context.Context, target *tfsdk.Resource) (diag.Diagnostics, error) {
					full, err := l.Client.GetPolicy(ctx, ramclient.PolicyRef{PolicyName: policy.PolicyName, PolicyType: ramclient.PolicyCustom})
					if err != nil {
						return nil, err
					}
					return listing.Set(ctx, target, func(m *policyModel) {
						m.Tags, m.TagsAll = l.Tags.FromServer(policy.Tags, m.Tags)
						m.fromAPI(full, accountID)
					}), nil
				},
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
