package emulator

import (
	"slices"
	"strings"
)

func securityPreferenceOperations() []*operation {
	return []*operation{
		define(ims, "GetSecurityPreference", read, wholeAccount[none], getPreference),
		define(ims, "SetSecurityPreference", write, wholeAccount[imsPreference], setPreferenceIMS),

		define(ram, "GetSecurityPreference", read, wholeAccount[none], getPreference),
		define(ram, "SetSecurityPreference", write, wholeAccount[ramPreference], setPreferenceRAM),
	}
}

// securityPreference is what an account lets its users do. Idle times, own AccessKeys
// and own passwords have an effect here; the rest concerns the console.
type securityPreference struct {
	EnableSaveMFATicket                 bool
	AllowUserToChangePassword           bool
	AllowUserToManageAccessKeys         bool
	AllowUserToManageMFADevices         bool
	AllowUserToManageServiceCredentials bool
	AllowUserToManagePersonalDingTalk   bool
	AllowUserToLoginWithPasskey         bool
	AllowUserToManagePublicKeys         bool
	LoginSessionDuration                int    // hours
	LoginNetworkMasks                   string // separated by semicolons
	MFAOperationForLogin                string
	OperationForRiskLogin               string
	MaxIdleDaysForUsers                 int
	MaxIdleDaysForAccessKeys            int
	VerificationTypes                   []string
}

// defaultPreference is that of an account that never set one ("IMS API:
// SetSecurityPreference").
func defaultPreference() securityPreference {
	return securityPreference{
		AllowUserToChangePassword: true, AllowUserToManageMFADevices: true,
		AllowUserToManagePersonalDingTalk: true, AllowUserToLoginWithPasskey: true,
		LoginSessionDuration: 6, MFAOperationForLogin: mfaIndependent, OperationForRiskLogin: "autonomous",
		MaxIdleDaysForUsers: 730, MaxIdleDaysForAccessKeys: 730, VerificationTypes: []string{},
	}
}

const (
	mfaMandatory   = "mandatory"
	mfaIndependent = "independent"
	mfaAdaptive    = "adaptive"
)

// commonPreference is what both APIs can set. What is left out stays as it is
// (assumption "preference-partial").
type commonPreference struct {
	EnableSaveMFATicket         *bool
	AllowUserToChangePassword   *bool
	AllowUserToManageAccessKeys *bool
	AllowUserToManageMFADevices *bool
	LoginSessionDuration        *int
	LoginNetworkMasks           *string
}

func (in commonPreference) apply(p *securityPreference) {
	assign(&p.EnableSaveMFATicket, in.EnableSaveMFATicket)
	assign(&p.AllowUserToChangePassword, in.AllowUserToChangePassword)
	assign(&p.AllowUserToManageAccessKeys, in.AllowUserToManageAccessKeys)
	assign(&p.AllowUserToManageMFADevices, in.AllowUserToManageMFADevices)
	assign(&p.LoginSessionDuration, in.LoginSessionDuration)
	assign(&p.LoginNetworkMasks, in.LoginNetworkMasks)
}

// assign changes a setting that was given.
func assign[T any](setting *T, given *T) {
	if given != nil {
		*setting = *given
	}
}

type imsPreference struct {
	commonPreference
	AllowUserToManageServiceCredentials *bool
	AllowUserToManagePersonalDingTalk   *bool
	AllowUserToLoginWithPasskey         *bool
	MFAOperationForLogin                *string
	EnforceMFAForLogin                  *bool // older form of MFAOperationForLogin
	OperationForRiskLogin               *string
	MaxIdleDaysForUsers                 *int
	MaxIdleDaysForAccessKeys            *int
	VerificationTypes                   []string `param:",json"`
}

func setPreferenceIMS(c *call, in imsPreference) (answer, *apiError) {
	wanted := c.account.Security
	in.apply(&wanted)
	assign(&wanted.AllowUserToManageServiceCredentials, in.AllowUserToManageServiceCredentials)
	assign(&wanted.AllowUserToManagePersonalDingTalk, in.AllowUserToManagePersonalDingTalk)
	assign(&wanted.AllowUserToLoginWithPasskey, in.AllowUserToLoginWithPasskey)
	if in.EnforceMFAForLogin != nil {
		wanted.MFAOperationForLogin = mfaIndependent
		if *in.EnforceMFAForLogin {
			wanted.MFAOperationForLogin = mfaMandatory
		}
	}
	assign(&wanted.MFAOperationForLogin, in.MFAOperationForLogin)
	assign(&wanted.OperationForRiskLogin, in.OperationForRiskLogin)
	assign(&wanted.MaxIdleDaysForUsers, in.MaxIdleDaysForUsers)
	assign(&wanted.MaxIdleDaysForAccessKeys, in.MaxIdleDaysForAccessKeys)
	if in.VerificationTypes != nil {
		wanted.VerificationTypes = in.VerificationTypes
	}
	return c.setPreference(wanted)
}

type ramPreference struct {
	commonPreference
	AllowUserToManagePublicKeys *bool
}

func setPreferenceRAM(c *call, in ramPreference) (answer, *apiError) {
	wanted := c.account.Security
	in.apply(&wanted)
	assign(&wanted.AllowUserToManagePublicKeys, in.AllowUserToManagePublicKeys)
	return c.setPreference(wanted)
}

func (c *call) setPreference(wanted securityPreference) (answer, *apiError) {
	if refused := wanted.check(); refused != nil {
		return nil, refused
	}
	c.account.Security = wanted
	return getPreference(c, none{})
}

const (
	maxLoginMasks       = 40
	maxLoginMasksLength = 512
)

func (p securityPreference) check() *apiError {
	idle := []int{90, 180, 365, 730}
	switch {
	case p.LoginSessionDuration < 1 || p.LoginSessionDuration > 24:
		return invalidParameter("LoginSessionDuration", "LoginSessionDuration must be between 1 and 24 hours.")
	case !slices.Contains([]string{mfaMandatory, mfaIndependent, mfaAdaptive}, p.MFAOperationForLogin):
		return invalidParameter("MFAOperationForLogin", "MFAOperationForLogin must be %s, %s or %s.", mfaMandatory, mfaIndependent, mfaAdaptive)
	case p.OperationForRiskLogin != "autonomous" && p.OperationForRiskLogin != "enforceVerify":
		return invalidParameter("OperationForRiskLogin", "OperationForRiskLogin must be autonomous or enforceVerify.")
	case !slices.Contains(idle, p.MaxIdleDaysForUsers):
		return invalidParameter("MaxIdleDaysForUsers", "MaxIdleDaysForUsers must be one of %v.", idle)
	case !slices.Contains(idle, p.MaxIdleDaysForAccessKeys):
		return invalidParameter("MaxIdleDaysForAccessKeys", "MaxIdleDaysForAccessKeys must be one of %v.", idle)
	}
	for _, kind := range p.VerificationTypes {
		if kind != "sms" && kind != "email" {
			return invalidParameter("VerificationTypes", "VerificationTypes holds sms and email only.")
		}
	}
	return checkLoginMasks(p.LoginNetworkMasks)
}

func checkLoginMasks(text string) *apiError {
	if text == "" {
		return nil
	}
	masks := strings.Split(text, ";")
	if len(masks) > maxLoginMasks || len(text) > maxLoginMasksLength {
		return invalidParameter("LoginNetworkMasks.Length", "LoginNetworkMasks holds at most %d masks and %d characters.", maxLoginMasks, maxLoginMasksLength)
	}
	for _, mask := range masks {
		if _, err := parseNetwork(mask); err != nil {
			return invalidParameter("LoginNetworkMasks.Format", "LoginNetworkMasks must be addresses or CIDR blocks separated by semicolons.")
		}
	}
	return nil
}

func getPreference(c *call, _ none) (answer, *apiError) {
	p := c.account.Security
	login := map[string]any{
		"EnableSaveMFATicket": p.EnableSaveMFATicket, "AllowUserToChangePassword": p.AllowUserToChangePassword,
		"LoginSessionDuration": p.LoginSessionDuration, "LoginNetworkMasks": p.LoginNetworkMasks,
	}
	keys := map[string]any{"AllowUserToManageAccessKeys": p.AllowUserToManageAccessKeys}
	view := map[string]any{
		"LoginProfilePreference": login, "AccessKeyPreference": keys,
		"MFAPreference": map[string]any{"AllowUserToManageMFADevices": p.AllowUserToManageMFADevices},
	}
	if c.op.api == ram {
		view["PublicKeyPreference"] = map[string]any{"AllowUserToManagePublicKeys": p.AllowUserToManagePublicKeys}
		return answer{"SecurityPreference": view}, nil
	}
	login["MFAOperationForLogin"], login["OperationForRiskLogin"] = p.MFAOperationForLogin, p.OperationForRiskLogin
	login["AllowUserToLoginWithPasskey"] = p.AllowUserToLoginWithPasskey
	keys["AllowUserToManageServiceCredentials"] = p.AllowUserToManageServiceCredentials
	view["VerificationPreference"] = map[string]any{"VerificationTypes": p.VerificationTypes}
	view["PersonalInfoPreference"] = map[string]any{"AllowUserToManagePersonalDingTalk": p.AllowUserToManagePersonalDingTalk}
	view["MaxIdleDays"] = map[string]any{
		"MaxIdleDaysForUsers": p.MaxIdleDaysForUsers, "MaxIdleDaysForAccessKeys": p.MaxIdleDaysForAccessKeys,
	}
	return answer{"SecurityPreference": view}, nil
}

// ownKeyOperations are what AllowUserToManageAccessKeys lets a user do with its keys.
var ownKeyOperations = map[string]bool{
	"CreateAccessKey": true, "ListAccessKeys": true, "UpdateAccessKey": true, "DeleteAccessKey": true,
	"GetAccessKeyLastUsed": true, "ListAccessKeysInRecycleBin": true,
	"RestoreAccessKeyFromRecycleBin": true, "DeleteAccessKeyInRecycleBin": true, "GetAccessKeyPolicy": true,
}

// letsManageItself tells whether a user may do an operation on itself although none of
// its policies says so. A policy that denies it still counts.
func (a *account) letsManageItself(who caller, op *operation, resource string) bool {
	u := a.userByID(who.ID)
	if who.Kind != callerUser || u == nil || fold(resource) != fold(userARN(a.ID, u.Name)) {
		return false
	}
	if op.name == "ChangePassword" {
		return a.Security.AllowUserToChangePassword
	}
	return ownKeyOperations[op.name] && a.Security.AllowUserToManageAccessKeys
}
