package ramclient

import "context"

// GetAccountAlias reads the account's alias; empty if none is set (RAM 2015-05-01:
// GetAccountAlias).
func (c *Client) GetAccountAlias(ctx context.Context) (string, error) {
	var out struct{ AccountAlias string }
	err := c.do(ctx, OpGetAccountAlias, nil, &out)
	return out.AccountAlias, err
}

// SetAccountAlias gives the account an alias, which takes the place of the account id in
// its default domain (RAM 2015-05-01: SetAccountAlias). It has lower-case letters, digits
// and single "-" within, at least 3 characters; the pages differ on whether at most 32 or
// 63. Errors: EntityAlreadyExists.AccountAlias, InvalidParameter.AccountAlias.{Format,Length}.
func (c *Client) SetAccountAlias(ctx context.Context, alias string) error {
	return c.do(ctx, OpSetAccountAlias, struct {
		AccountAlias string `param:"AccountAlias,required"`
	}{alias}, nil)
}

// ClearAccountAlias takes the account's alias away (RAM 2015-05-01: ClearAccountAlias).
func (c *Client) ClearAccountAlias(ctx context.Context) error {
	return c.do(ctx, OpClearAccountAlias, nil, nil)
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

// SetDefaultDomain sets the domain of new users, "<alias>.onaliyun.com", at most 64
// characters (IMS 2019-08-15: SetDefaultDomain). It sets the alias with it.
func (c *Client) SetDefaultDomain(ctx context.Context, domainName string) error {
	return c.do(ctx, OpSetDefaultDomain, struct {
		DefaultDomainName string `param:"DefaultDomainName,required"`
	}{domainName}, nil)
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
	// The quotas of one AccessKeyPolicy: its statements, and their addresses together.
	ConditionsPerAKPolicyQuota, IPItemsPerAKPolicyQuota int
}

// GetAccountSummary reads the account's counts and quotas (IMS 2019-08-15:
// GetAccountSummary).
func (c *Client) GetAccountSummary(ctx context.Context) (AccountSummary, error) {
	var out struct{ SummaryMap AccountSummary }
	err := c.do(ctx, OpGetAccountSummary, nil, &out)
	return out.SummaryMap, err
}
