package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
)

// Network policies of AccessKeys ("RAM API: SetAccessKeyPolicy"): the addresses that
// calls signed with a permanent key may come from. One belongs to a key or to the whole
// account; that of a key goes before that of its account. Sessions are free of both.
func networkPolicyOperations() []*operation {
	return []*operation{
		define(ims, "GetAccessKeyPolicy", read, keyOwnerARN[imsKey], getKeyPolicy),
		define(ims, "SetAccessKeyPolicy", write, keyOwnerARN[setKeyPolicyInput], setKeyPolicy),
		define(ims, "GetAccessKeyPolicyForAccount", read, wholeAccount[none], getAccountKeyPolicy),
		define(ims, "SetAccessKeyPolicyForAccount", write, wholeAccount[networkPolicyParam], setAccountKeyPolicy),
	}
}

// networkPolicy is the document as answers spell it. Its version is the server's.
type networkPolicy struct {
	Version    int
	Status     string // keyActive or keyInactive
	Statements []networkStatement
}

// networkStatement lists addresses and networks: public ones, or those within a VPC.
type networkStatement struct {
	Type   string
	Value  string `json:",omitempty"` // VPC id or AllowAllVPC
	IPList []string
}

const (
	networkPolicyVersion = 1
	publicAddresses      = "ClassicWhiteList"
	vpcAddresses         = "VPCWhiteList"
	anyVPC               = "AllowAllVPC"
)

// String is "{}" for a policy that was never set.
func (p *networkPolicy) String() string {
	if p == nil {
		return "{}"
	}
	text, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("emulator: network policy does not encode: %v", err)) // only strings inside
	}
	return string(text)
}

func getKeyPolicy(c *call, in imsKey) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	if refused != nil {
		return nil, refused
	}
	return answer{"AccessKeyId": key.ID, "AccessKeyPolicy": key.Network.String()}, nil
}

type networkPolicyParam struct {
	AccessKeyPolicy string `param:",required"`
}

type setKeyPolicyInput struct {
	imsKey
	networkPolicyParam
}

func setKeyPolicy(c *call, in setKeyPolicyInput) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	if refused != nil {
		return nil, refused
	}
	if key.Network, refused = in.replace(key.Network); refused != nil {
		return nil, refused
	}
	return answer{"AccessKeyId": key.ID, "AccessKeyPolicy": key.Network.String()}, nil
}

func getAccountKeyPolicy(c *call, _ none) (answer, *apiError) {
	return answer{"AccessKeyPolicy": c.account.Network.String()}, nil
}

func setAccountKeyPolicy(c *call, in networkPolicyParam) (answer, *apiError) {
	var refused *apiError
	if c.account.Network, refused = in.replace(c.account.Network); refused != nil {
		return nil, refused
	}
	return answer{"AccessKeyPolicy": c.account.Network.String()}, nil
}

// replace is the policy of the request or, if that is refused, the one before.
func (in networkPolicyParam) replace(before *networkPolicy) (*networkPolicy, *apiError) {
	read, err := parseNetworkPolicy(in.AccessKeyPolicy)
	if err != nil {
		return before, invalidParameter("AccessKeyPolicy", "The network policy is invalid: %v.", err)
	}
	items := 0
	for _, statement := range read.Statements {
		items += len(statement.IPList)
	}
	if len(read.Statements) > maxConditionsPerKeyPolicy {
		return before, limitExceeded("AccessKeyPolicy.Condition", maxConditionsPerKeyPolicy)
	}
	if items > maxIPItemsPerKeyPolicy {
		return before, limitExceeded("AccessKeyPolicy.IPItem", maxIPItemsPerKeyPolicy)
	}
	return read, nil
}

// parseNetworkPolicy reads a document. Status and Statements are mandatory, so that an
// empty object is none; Statements may be empty.
func parseNetworkPolicy(text string) (*networkPolicy, error) {
	var read struct {
		Version    *int
		Status     string
		Statements *[]networkStatement
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return nil, fmt.Errorf("no JSON of the right form: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	switch {
	case read.Version != nil && *read.Version != networkPolicyVersion:
		return nil, fmt.Errorf("the Version %d is not %d", *read.Version, networkPolicyVersion)
	case read.Status != keyActive && read.Status != keyInactive:
		return nil, fmt.Errorf("the Status must be %s or %s", keyActive, keyInactive)
	case read.Statements == nil:
		return nil, errors.New("the Statements must be a list, which may be empty")
	}
	for _, statement := range *read.Statements {
		if err := statement.check(); err != nil {
			return nil, err
		}
	}
	return &networkPolicy{networkPolicyVersion, read.Status, *read.Statements}, nil
}

func (s networkStatement) check() error {
	switch {
	case s.Type == publicAddresses && s.Value != "":
		return fmt.Errorf("a %s has no Value", publicAddresses)
	case s.Type == vpcAddresses && s.Value != anyVPC && !strings.HasPrefix(s.Value, "vpc-"):
		return fmt.Errorf("the Value of a %s must be a VPC id or %s", vpcAddresses, anyVPC)
	case s.Type != publicAddresses && s.Type != vpcAddresses:
		return fmt.Errorf("the Type must be %s or %s", publicAddresses, vpcAddresses)
	case len(s.IPList) == 0:
		return errors.New("the IPList must not be empty")
	}
	for _, item := range s.IPList {
		if _, err := parseNetwork(item); err != nil {
			return fmt.Errorf("%q is neither an IP address nor a CIDR block", item)
		}
	}
	return nil
}

// parseNetwork reads a network or a single address.
func parseNetwork(item string) (netip.Prefix, error) {
	if strings.Contains(item, "/") {
		return netip.ParsePrefix(item)
	}
	address, err := netip.ParseAddr(item)
	if err != nil {
		return netip.Prefix{}, err
	}
	return address.Prefix(address.BitLen())
}

func (p *networkPolicy) active() bool { return p != nil && p.Status == keyActive }

// admits tells whether a call may come from an address. No call comes out of a VPC
// here, so statements about those admit nobody (assumption "network-policy-vpc").
func (p *networkPolicy) admits(address netip.Addr) bool {
	for _, statement := range p.Statements {
		for _, item := range statement.IPList {
			if network, err := parseNetwork(item); err == nil && statement.Type == publicAddresses && network.Contains(address) {
				return true
			}
		}
	}
	return false
}

// checkNetwork refuses a permanent key that is used from where it may not be.
func (e *Emulator) checkNetwork(known *credential, r *http.Request) *apiError {
	policy := known.key.Network
	if !policy.active() {
		policy = e.state.Accounts[known.caller.AccountID].Network
	}
	if !policy.active() {
		return nil
	}
	source := e.sourceAddress(r)
	address, err := netip.ParseAddr(source)
	if err != nil || !policy.admits(address.Unmap()) {
		return errNetworkDenied(source)
	}
	return nil
}
