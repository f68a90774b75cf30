package networkpolicy

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// The limits of one policy (IMS API, GetAccountSummary: ConditionsPerAKPolicyQuota and
// IPItemsPerAKPolicyQuota).
const (
	maxStatements = 8
	maxNetworks   = 50
)

// statementConfig is a statement of which not everything may be known yet.
type statementConfig struct {
	Type   types.String `tfsdk:"type"`
	VPCID  types.String `tfsdk:"vpc_id"`
	IPList types.Set    `tfsdk:"ip_list"`
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (r *networkPolicyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var statements types.Set
	at := path.Root("statements")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &statements)...)
	networks := 0
	for _, element := range statements.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsNull() || object.IsUnknown() {
			continue
		}
		var statement statementConfig
		resp.Diagnostics.Append(object.As(ctx, &statement, basetypes.ObjectAsOptions{})...)
		statement.validate(at.AtSetValue(element), &resp.Diagnostics)
		networks += len(statement.IPList.Elements())
	}
	if networks > maxNetworks {
		resp.Diagnostics.AddAttributeError(at, "Too many addresses", fmt.Sprintf(
			"A network policy has at most %d addresses and blocks in all its statements together, but these are %d.", maxNetworks, networks))
	}
}

func (s statementConfig) validate(at path.Path, diags *diag.Diagnostics) {
	vpcID, vpcAt := s.VPCID.ValueString(), at.AtName("vpc_id")
	switch kind := ramclient.NetworkType(s.Type.ValueString()); {
	case s.Type.IsUnknown(), s.VPCID.IsUnknown():
	case kind == ramclient.NetworkPublic && !s.VPCID.IsNull():
		diags.AddAttributeError(vpcAt, "Unexpected vpc_id", fmt.Sprintf(
			"A statement of type %s is about the Internet, so it has no vpc_id. Leave it out, or use %s.", ramclient.NetworkPublic, ramclient.NetworkVPC))
	case kind == ramclient.NetworkVPC && vpcID != ramclient.AllVPCs && !strings.HasPrefix(vpcID, "vpc-"):
		diags.AddAttributeError(vpcAt, "Missing or invalid vpc_id", fmt.Sprintf(
			"A statement of type %s needs a vpc_id: the ID of a VPC, which begins with vpc-, or %s. It is %q.", ramclient.NetworkVPC, ramclient.AllVPCs, vpcID))
	}

	for _, element := range s.IPList.Elements() {
		network, ok := element.(types.String)
		if !ok || network.IsUnknown() {
			continue
		}
		if err := validateNetwork(network.ValueString()); err != nil {
			diags.AddAttributeError(at.AtName("ip_list").AtSetValue(element), "Invalid address", fmt.Sprintf(
				"%q is not an IP address or CIDR block as it has to be written: %v.", network.ValueString(), err))
		}
	}
}

// validateNetwork takes an address or a block in its one usual spelling, so that what is
// configured and what the service shows can be compared as texts.
func validateNetwork(text string) error {
	var usual string
	if strings.Contains(text, "/") {
		block, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("expected a block such as 203.0.113.0/24 (%w)", err)
		}
		usual = block.Masked().String()
	} else {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return errors.New("expected an address such as 203.0.113.1 or a block such as 203.0.113.0/24")
		}
		usual = address.String()
	}
	if usual != text {
		return fmt.Errorf("write it as %s", usual)
	}
	return nil
}
