package federation

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type oidcProviderModel struct {
	Name              types.String `tfsdk:"name"`
	IssuerURL         types.String `tfsdk:"issuer_url"`
	ClientIDs         types.Set    `tfsdk:"client_ids"`
	Fingerprints      types.Set    `tfsdk:"fingerprints"`
	Description       types.String `tfsdk:"description"`
	IssuanceLimitTime types.Int64  `tfsdk:"issuance_limit_time"`

	ARN        types.String `tfsdk:"arn"`
	CreateDate types.String `tfsdk:"create_date"`
	AccountID  types.String `tfsdk:"account_id"`
}

type oidcProviderIdentity struct {
	Name      types.String `tfsdk:"name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m oidcProviderModel) identity() oidcProviderIdentity {
	return oidcProviderIdentity{Name: m.Name, AccountID: m.AccountID}
}

func (m oidcProviderModel) createInput() ramclient.CreateOIDCProviderInput {
	return ramclient.CreateOIDCProviderInput{
		OIDCProviderName:  m.Name.ValueString(),
		IssuerURL:         m.IssuerURL.ValueString(),
		ClientIDs:         members(m.ClientIDs),
		Fingerprints:      members(m.Fingerprints),
		Description:       m.Description.ValueString(),
		IssuanceLimitTime: int(m.IssuanceLimitTime.ValueInt64()),
	}
}

// isAsPlanned says whether the service shows what was planned.
func (m oidcProviderModel) isAsPlanned(provider ramclient.OIDCProvider) bool {
	return m.IssuerURL.ValueString() == provider.IssuerURL &&
		m.Description.ValueString() == provider.Description &&
		slices.Equal(members(m.ClientIDs), sorted(provider.ClientIDs)) &&
		slices.Equal(members(m.Fingerprints), sorted(provider.Fingerprints)) &&
		(m.IssuanceLimitTime.IsUnknown() || m.IssuanceLimitTime.ValueInt64() == int64(provider.IssuanceLimitTime))
}

// fromAPI takes over what the service says.
func (m *oidcProviderModel) fromAPI(provider ramclient.OIDCProvider, accountID string) {
	m.Name = types.StringValue(provider.OIDCProviderName)
	m.IssuerURL = types.StringValue(provider.IssuerURL)
	m.ClientIDs = setOrNull(provider.ClientIDs)
	m.Fingerprints = setOrNull(provider.Fingerprints)
	m.Description = schemakit.StringOrNull(provider.Description)
	m.IssuanceLimitTime = types.Int64Value(int64(provider.IssuanceLimitTime))
	m.fillComputed(provider, accountID)
}

// fillComputed takes over what only the service knows.
func (m *oidcProviderModel) fillComputed(provider ramclient.OIDCProvider, accountID string) {
	if m.IssuanceLimitTime.IsUnknown() {
		m.IssuanceLimitTime = types.Int64Value(int64(provider.IssuanceLimitTime))
	}
	m.ARN = types.StringValue(provider.ARN)
	m.CreateDate = types.StringValue(provider.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
}

// members are the texts of a set, sorted.
func members(set types.Set) []string {
	var texts []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			texts = append(texts, text.ValueString())
		}
	}
	slices.Sort(texts)
	return texts
}

func sorted(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// setOrNull is null for no members: the service knows no difference.
func setOrNull(list []string) types.Set {
	if len(list) == 0 {
		return types.SetNull(types.StringType)
	}
	var elements []attr.Value
	for _, text := range sorted(list) {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}
