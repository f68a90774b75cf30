package ramclient

import "context"

// GetAccountAlias reads the account's alias; empty if none is set (RAM 2015-05-01:
// GetAccountAlias).
func (c *Client) GetAccountAlias(ctx context.Context) (string, error) {
	var out struct{ AccountAlias string }
	err := c.do(ctx, OpGetAccountAlias, nil, &out)
	return out.AccountAlias, err
}

type defaultDomainAnswer struct{ DefaultDomainName string }

func (a *defaultDomainAnswer) Check() error { return missing("DefaultDomainName", a.DefaultDomainName) }

// GetDefaultDomain reads the domain of new users, "<alias or account id>.onaliyun.com"
// (IMS 2019-08-15: GetDefaultDomain).
func (c *Client) GetDefaultDomain(ctx context.Context) (string, error) {
	var out defaultDomainAnswer
	err := c.do(ctx, OpGetDefaultDomain, nil, &out)
	return out.DefaultDomainName, err
}

// AccountSummary counts an account's objects and gives its quotas. A quota is 0 if the
// service does not tell it.
type AccountSummary struct {
	Users, UsersQuota       int
	Groups, GroupsQuota     int
	Roles, RolesQuota       int
	Policies, PoliciesQuota int
	// PolicySizeQuota is in characters.
	PolicySizeQuota                  int
	VersionsPerPolicyQuota           int
	AccessKeysPerUserQuota           int
	AccountAccessKeysPerAccountQuota int
	GroupsPerUserQuota               int
	// The quotas of custom policies attached to one principal, then of system policies.
	AttachedPoliciesPerUserQuota, AttachedPoliciesPerGroupQuota, AttachedPoliciesPerRoleQuota                   int
	AttachedSystemPoliciesPerUserQuota, AttachedSystemPoliciesPerGroupQuota, AttachedSystemPoliciesPerRoleQuota int
	MFADevices, MFADevicesInUse, VirtualMFADevicesQuota                                                         int
}

// GetAccountSummary reads the account's counts and quotas (IMS 2019-08-15:
// GetAccountSummary).
func (c *Client) GetAccountSummary(ctx context.Context) (AccountSummary, error) {
	var out struct{ SummaryMap AccountSummary }
	err := c.do(ctx, OpGetAccountSummary, nil, &out)
	return out.SummaryMap, err
}
