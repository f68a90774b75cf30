package networkpolicy

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type networkPolicyModel struct {
	AccessKeyID types.String     `tfsdk:"access_key_id"`
	Status      types.String     `tfsdk:"status"`
	Statements  []statementModel `tfsdk:"statements"`
	AccountID   types.String     `tfsdk:"account_id"`
}

type statementModel struct {
	Type   types.String `tfsdk:"type"`
	VPCID  types.String `tfsdk:"vpc_id"`
	IPList []string     `tfsdk:"ip_list"`
}

type networkPolicyIdentity struct {
	AccessKeyID types.String `tfsdk:"access_key_id"`
	AccountID   types.String `tfsdk:"account_id"`
}

func (m networkPolicyModel) identity() networkPolicyIdentity {
	return networkPolicyIdentity{AccessKeyID: m.AccessKeyID, AccountID: m.AccountID}
}

func (m networkPolicyModel) policy() ramclient.AccessKeyPolicy {
	policy := ramclient.AccessKeyPolicy{Status: ramclient.AccessKeyPolicyStatus(m.Status.ValueString())}
	for _, statement := range m.Statements {
		policy.Statements = append(policy.Statements, ramclient.AccessKeyPolicyStatement{
			Type: ramclient.NetworkType(statement.Type.ValueString()), VPC: statement.VPCID.ValueString(), IPList: statement.IPList,
		})
	}
	return sorted(policy)
}

// agrees says whether the service shows what is in state.
func (m networkPolicyModel) agrees(policy ramclient.AccessKeyPolicy) bool {
	return isSame(policy, m.policy())
}

// fromAPI takes over what the service says.
func (m *networkPolicyModel) fromAPI(policy ramclient.AccessKeyPolicy, accountID string) {
	m.Status = types.StringValue(string(policy.Status))
	m.Statements = []statementModel{}
	for _, statement := range sorted(policy).Statements {
		m.Statements = append(m.Statements, statementModel{
			Type: types.StringValue(string(statement.Type)), VPCID: schemakit.StringOrNull(statement.VPC), IPList: statement.IPList,
		})
	}
	m.AccountID = types.StringValue(accountID)
}

// isSame compares without regard to order.
func isSame(a, b ramclient.AccessKeyPolicy) bool {
	a, b = sorted(a), sorted(b)
	return a.Status == b.Status && slices.EqualFunc(a.Statements, b.Statements, func(a, b ramclient.AccessKeyPolicyStatement) bool {
		return compareStatements(a, b) == 0
	})
}

// covers says whether wide lists every network that narrow does, letter by letter.
func covers(wide, narrow ramclient.AccessKeyPolicy) bool {
	return !slices.ContainsFunc(narrow.Statements, func(needed ramclient.AccessKeyPolicyStatement) bool {
		return slices.ContainsFunc(needed.IPList, func(network string) bool {
			return !slices.ContainsFunc(wide.Statements, func(s ramclient.AccessKeyPolicyStatement) bool {
				return s.Type == needed.Type && s.VPC == needed.VPC && slices.Contains(s.IPList, network)
			})
		})
	})
}

// sorted has everything once and in one order, as befits sets.
func sorted(policy ramclient.AccessKeyPolicy) ramclient.AccessKeyPolicy {
	statements := slices.Clone(policy.Statements)
	for i := range statements {
		statements[i].IPList = slices.Compact(slices.Sorted(slices.Values(statements[i].IPList)))
	}
	slices.SortFunc(statements, compareStatements)
	policy.Statements = slices.CompactFunc(statements, func(a, b ramclient.AccessKeyPolicyStatement) bool { return compareStatements(a, b) == 0 })
	return policy
}

func compareStatements(a, b ramclient.AccessKeyPolicyStatement) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.VPC, b.VPC), slices.Compare(a.IPList, b.IPList))
}
