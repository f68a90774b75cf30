package ramclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// AccessKeyPolicy says from which networks a key may sign. It overrides the account's
// own and does not bind sessions that the key opens. Only an active one binds.
type AccessKeyPolicy struct {
	Status AccessKeyPolicyStatus
	// Statements each allow some networks: at most 8 with 50 addresses together, unless
	// AccountSummary tells other quotas.
	Statements []AccessKeyPolicyStatement
}

// AccessKeyPolicyStatus says whether a policy is in force.
type AccessKeyPolicyStatus string

// The states of a policy.
const (
	AccessKeyPolicyActive   AccessKeyPolicyStatus = "Active"
	AccessKeyPolicyInactive AccessKeyPolicyStatus = "Inactive"
)

// AccessKeyPolicyStatement allows addresses of one kind of network.
type AccessKeyPolicyStatement struct {
	Type NetworkType
	// VPC is the id of a VPC or AllVPCs; empty for NetworkPublic.
	VPC string `json:"Value,omitempty"`
	// IPList has IPv4 and IPv6 addresses and blocks, such as "198.51.100.0/24".
	IPList []string
}

// NetworkType is a kind of network that requests come from.
type NetworkType string

// The kinds of networks.
const (
	NetworkPublic NetworkType = "ClassicWhiteList"
	NetworkVPC    NetworkType = "VPCWhiteList"
)

// AllVPCs stands for every VPC in a statement.
const AllVPCs = "AllowAllVPC"

// UnmarshalJSON implements json.Unmarshaler. The service writes a document as text, "{}"
// if none was ever set, which is the same as an inactive one without statements. The
// document's version is the service's own affair.
func (p *AccessKeyPolicy) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	type document AccessKeyPolicy
	read := document{Status: AccessKeyPolicyInactive}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			return fmt.Errorf("the network policy is no JSON document: %w", err)
		}
	}
	*p = AccessKeyPolicy(read)
	return nil
}

// written is the policy as the service takes it, with [] instead of null.
func (p AccessKeyPolicy) written() AccessKeyPolicy {
	statements := []AccessKeyPolicyStatement{}
	for _, statement := range p.Statements {
		statement.IPList = append([]string{}, statement.IPList...)
		statements = append(statements, statement)
	}
	p.Statements = statements
	return p
}

type accessKeyPolicyAnswer struct{ AccessKeyPolicy *AccessKeyPolicy }

// Check keeps an answer without a policy from being taken for a key without one.
func (a *accessKeyPolicyAnswer) Check() error {
	if a.AccessKeyPolicy == nil {
		return missing("AccessKeyPolicy", "")
	}
	return nil
}

// GetAccessKeyPolicy reads a key's network policy (IMS 2019-08-15: GetAccessKeyPolicy).
// After a write it may show the old one for minutes. Errors: EntityNotExist.User,
// EntityNotExist.User.AccessKey; EntityNotExist.AccessKeyPolicy has been met as well.
func (c *Client) GetAccessKeyPolicy(ctx context.Context, key AccessKeyRef) (AccessKeyPolicy, error) {
	var out accessKeyPolicyAnswer
	if err := c.do(ctx, OpGetAccessKeyPolicy, key, &out); err != nil {
		return AccessKeyPolicy{}, err
	}
	return *out.AccessKeyPolicy, nil
}

// SetAccessKeyPolicy replaces a key's network policy (IMS 2019-08-15:
// SetAccessKeyPolicy). There is no operation to delete one: to be rid of it, set an
// inactive one without statements. Errors: EntityNotExist.User,
// EntityNotExist.User.AccessKey, InvalidParameter.*.
func (c *Client) SetAccessKeyPolicy(ctx context.Context, key AccessKeyRef, policy AccessKeyPolicy) (AccessKeyPolicy, error) {
	if policy.Status == "" {
		return AccessKeyPolicy{}, errors.New("SetAccessKeyPolicy: the policy has no status")
	}
	var out accessKeyPolicyAnswer
	err := c.do(ctx, OpSetAccessKeyPolicy, struct {
		UserPrincipalName string          `param:"UserPrincipalName,required"`
		AccessKeyID       string          `param:"UserAccessKeyId,required"`
		Policy            AccessKeyPolicy `param:"AccessKeyPolicy,required,json,body"`
	}{key.UserPrincipalName, key.AccessKeyID, policy.written()}, &out)
	if err != nil {
		return AccessKeyPolicy{}, err
	}
	return *out.AccessKeyPolicy, nil
}
