package emulator

import (
	"regexp"
	"strings"
)

func accountOperations() []*operation {
	return []*operation{
		define(ram, "GetAccountAlias", read, wholeAccount[none], getAccountAlias),
		define(ram, "SetAccountAlias", write, wholeAccount[setAlias], setAccountAlias),
		define(ram, "ClearAccountAlias", write, wholeAccount[none], clearAccountAlias),
		define(ims, "GetDefaultDomain", read, wholeAccount[none], getDefaultDomain),
		define(ims, "SetDefaultDomain", write, wholeAccount[setDomain], setDefaultDomain),
		define(ims, "GetAccountSummary", read, wholeAccount[none], getAccountSummary),
		define(ram, "GetAccountSummary", read, wholeAccount[none], getAccountSummary),
	}
}

func wholeAccount[In any](c *call, _ In) string { return "acs:ram::" + c.account.ID + ":*" }

func getAccountAlias(c *call, _ none) (answer, *apiError) {
	return answer{"AccountAlias": c.account.Alias}, nil
}

type setAlias struct {
	AccountAlias string `param:",required"`
}

func setAccountAlias(c *call, in setAlias) (answer, *apiError) {
	return answer{}, c.setAlias("AccountAlias", in.AccountAlias)
}

func clearAccountAlias(c *call, _ none) (answer, *apiError) {
	c.account.Alias = ""
	return answer{}, nil
}

func getDefaultDomain(c *call, _ none) (answer, *apiError) {
	return answer{"DefaultDomainName": c.account.domain()}, nil
}

type setDomain struct {
	DefaultDomainName string `param:",required"`
}

func setDefaultDomain(c *call, in setDomain) (answer, *apiError) {
	alias, ok := strings.CutSuffix(in.DefaultDomainName, domainSuffix)
	if !ok {
		return nil, invalidParameter("DefaultDomainName.Format", "DefaultDomainName must end with %s.", domainSuffix)
	}
	if alias == c.account.ID { // the domain an account without alias has
		c.account.Alias = ""
	} else if refused := c.setAlias("DefaultDomainName", alias); refused != nil {
		return nil, refused
	}
	return getDefaultDomain(c, none{})
}

// aliasFormat: lower-case letters, digits and single dashes within.
var aliasFormat = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const (
	minAliasLength = 3
	maxAliasLength = 32
)

// setAlias renames the default domain; aliases are unique among all accounts.
func (c *call) setAlias(parameter, alias string) *apiError {
	if len(alias) < minAliasLength || len(alias) > maxAliasLength {
		return invalidParameter(parameter+".Length", "The alias must have %d to %d characters.", minAliasLength, maxAliasLength)
	}
	if !aliasFormat.MatchString(alias) {
		return invalidParameter(parameter+".Format", "The alias holds lower-case letters, digits and single dashes within.")
	}
	for _, other := range c.state.Accounts {
		if other != c.account && (other.Alias == alias || other.ID == alias) {
			return alreadyExists("AccountAlias", "The alias is taken: %s.", alias)
		}
	}
	c.account.Alias = alias
	return nil
}

// getAccountSummary tells the account's figures and the limits in force.
func getAccountSummary(c *call, _ none) (answer, *apiError) {
	devicesInUse := 0
	for _, device := range c.account.MFADevices {
		if device.UserID != "" {
			devicesInUse++
		}
	}
	return answer{"SummaryMap": map[string]int{
		"Users": len(c.account.Users), "UsersQuota": maxUsers,
		"Groups": len(c.account.Groups), "GroupsQuota": maxGroups,
		"Roles": len(c.account.Roles), "RolesQuota": maxRoles,
		"Policies": len(c.account.Policies), "PoliciesQuota": maxPolicies,
		"PolicySizeQuota": maxPolicySize, "VersionsPerPolicyQuota": maxPolicyVersions,
		"AccessKeysPerUserQuota": maxKeysPerUser, "AccountAccessKeysPerAccountQuota": maxRootKeys,
		"GroupsPerUserQuota":                  maxGroupsPerUser,
		"AttachedPoliciesPerUserQuota":        maxCustomPolicies,
		"AttachedPoliciesPerGroupQuota":       maxCustomPolicies,
		"AttachedPoliciesPerRoleQuota":        maxCustomPolicies,
		"AttachedSystemPoliciesPerUserQuota":  maxSystemPolicies,
		"AttachedSystemPoliciesPerGroupQuota": maxSystemPolicies,
		"AttachedSystemPoliciesPerRoleQuota":  maxSystemPolicies,
		"MFADevices":                          len(c.account.MFADevices), "MFADevicesInUse": devicesInUse,
		"VirtualMFADevicesQuota":     maxVirtualMFADevices,
		"ConditionsPerAKPolicyQuota": maxConditionsPerKeyPolicy, "IPItemsPerAKPolicyQuota": maxIPItemsPerKeyPolicy,
	}}, nil
}
