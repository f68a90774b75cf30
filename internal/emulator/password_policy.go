package emulator

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

func passwordPolicyOperations() []*operation {
	return []*operation{
		define(ims, "GetPasswordPolicy", read, wholeAccount[none], getPasswordPolicy),
		define(ims, "SetPasswordPolicy", write, wholeAccount[imsPasswordPolicy], setPasswordPolicyIMS),

		define(ram, "GetPasswordPolicy", read, wholeAccount[none], getPasswordPolicy),
		define(ram, "SetPasswordPolicy", write, wholeAccount[ramPasswordPolicy], setPasswordPolicyRAM),
	}
}

// passwordPolicy is what passwords of users must be like. MaxLoginAttemps is spelt so.
type passwordPolicy struct {
	MinimumPasswordLength             int
	RequireLowercaseCharacters        bool
	RequireUppercaseCharacters        bool
	RequireNumbers                    bool
	RequireSymbols                    bool
	HardExpire                        bool // an expired password ends the login, not only asks for a new one
	MaxLoginAttemps                   int  // wrong passwords in an hour; 0: any number
	PasswordReusePrevention           int  // earlier passwords that may not come back
	MaxPasswordAge                    int  // days; 0: for ever
	MinimumPasswordDifferentCharacter int
	PasswordNotContainUserName        bool
	InitialPasswordAge                int // days; 0: for ever
	InterceptRiskPasswordOnAPI        bool
}

// defaultPasswordPolicy is that of an account that never set one ("IMS API:
// SetPasswordPolicy").
func defaultPasswordPolicy() passwordPolicy {
	return passwordPolicy{MinimumPasswordLength: 8, MaxLoginAttemps: 5, InitialPasswordAge: 14}
}

// commonPasswordPolicy is what both APIs can set. What is left out gets its default.
type commonPasswordPolicy struct {
	MinimumPasswordLength      *int
	RequireLowercaseCharacters bool
	RequireUppercaseCharacters bool
	RequireNumbers             bool
	RequireSymbols             bool
	MaxLoginAttemps            *int
	PasswordReusePrevention    *int
	MaxPasswordAge             *int
}

func (in commonPasswordPolicy) apply(policy *passwordPolicy) {
	standard := defaultPasswordPolicy()
	policy.MinimumPasswordLength = intOr(in.MinimumPasswordLength, standard.MinimumPasswordLength)
	policy.RequireLowercaseCharacters = in.RequireLowercaseCharacters
	policy.RequireUppercaseCharacters = in.RequireUppercaseCharacters
	policy.RequireNumbers = in.RequireNumbers
	policy.RequireSymbols = in.RequireSymbols
	policy.MaxLoginAttemps = intOr(in.MaxLoginAttemps, standard.MaxLoginAttemps)
	policy.PasswordReusePrevention = intOr(in.PasswordReusePrevention, standard.PasswordReusePrevention)
	policy.MaxPasswordAge = intOr(in.MaxPasswordAge, standard.MaxPasswordAge)
}

func intOr(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}

type imsPasswordPolicy struct {
	commonPasswordPolicy
	HardExpire                        bool
	MinimumPasswordDifferentCharacter *int
	PasswordNotContainUserName        bool
	InitialPasswordAge                *int
	InterceptRiskPasswordOnAPI        bool `param:"InterceptRiskPasswordOnApi"`
}

func setPasswordPolicyIMS(c *call, in imsPasswordPolicy) (answer, *apiError) {
	standard := defaultPasswordPolicy()
	wanted := passwordPolicy{
		HardExpire:                        in.HardExpire,
		MinimumPasswordDifferentCharacter: intOr(in.MinimumPasswordDifferentCharacter, standard.MinimumPasswordDifferentCharacter),
		PasswordNotContainUserName:        in.PasswordNotContainUserName,
		InitialPasswordAge:                intOr(in.InitialPasswordAge, standard.InitialPasswordAge),
		InterceptRiskPasswordOnAPI:        in.InterceptRiskPasswordOnAPI,
	}
	in.apply(&wanted)
	return c.setPasswordPolicy(wanted)
}

type ramPasswordPolicy struct {
	commonPasswordPolicy
	HardExpiry bool
}

// setPasswordPolicyRAM leaves alone what that API does not know.
func setPasswordPolicyRAM(c *call, in ramPasswordPolicy) (answer, *apiError) {
	wanted := c.account.Passwords
	wanted.HardExpire = in.HardExpiry
	in.apply(&wanted)
	return c.setPasswordPolicy(wanted)
}

func (c *call) setPasswordPolicy(wanted passwordPolicy) (answer, *apiError) {
	if refused := wanted.check(); refused != nil {
		return nil, refused
	}
	c.account.Passwords = wanted
	return getPasswordPolicy(c, none{})
}

func (p passwordPolicy) check() *apiError {
	for _, limit := range []struct {
		parameter        string
		value, low, high int
	}{
		{"MinimumPasswordLength", p.MinimumPasswordLength, 8, 32},
		{"MaxLoginAttemps", p.MaxLoginAttemps, 0, 32},
		{"PasswordReusePrevention", p.PasswordReusePrevention, 0, maxPasswordReuse},
		{"MaxPasswordAge", p.MaxPasswordAge, 0, 1095},
		{"MinimumPasswordDifferentCharacter", p.MinimumPasswordDifferentCharacter, 0, 8},
		{"InitialPasswordAge", p.InitialPasswordAge, 0, 90},
	} {
		if limit.value < limit.low || limit.value > limit.high {
			return invalidParameter(limit.parameter, "%s must be between %d and %d.", limit.parameter, limit.low, limit.high)
		}
	}
	return nil
}

func getPasswordPolicy(c *call, _ none) (answer, *apiError) {
	p := c.account.Passwords
	view := map[string]any{
		"MinimumPasswordLength": p.MinimumPasswordLength, "RequireLowercaseCharacters": p.RequireLowercaseCharacters,
		"RequireUppercaseCharacters": p.RequireUppercaseCharacters, "RequireNumbers": p.RequireNumbers,
		"RequireSymbols": p.RequireSymbols, "MaxLoginAttemps": p.MaxLoginAttemps,
		"PasswordReusePrevention": p.PasswordReusePrevention, "MaxPasswordAge": p.MaxPasswordAge,
	}
	if c.op.api == ram {
		view["HardExpiry"] = p.HardExpire
		return answer{"PasswordPolicy": view}, nil
	}
	view["HardExpire"], view["MinimumPasswordDifferentCharacter"] = p.HardExpire, p.MinimumPasswordDifferentCharacter
	view["PasswordNotContainUserName"], view["InitialPasswordAge"] = p.PasswordNotContainUserName, p.InitialPasswordAge
	view["InterceptRiskPasswordOnApi"] = p.InterceptRiskPasswordOnAPI
	return answer{"PasswordPolicy": view}, nil
}

// weakness says what a password lacks, empty for nothing.
func (p passwordPolicy) weakness(password, userName string) string {
	different := map[rune]bool{}
	var lower, upper, number, symbol bool
	for _, r := range password {
		different[r] = true
		lower, upper = lower || unicode.IsLower(r), upper || unicode.IsUpper(r)
		number = number || unicode.IsDigit(r)
		symbol = symbol || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	switch {
	case utf8.RuneCountInString(password) < p.MinimumPasswordLength:
		return fmt.Sprintf("%d characters", p.MinimumPasswordLength)
	case p.RequireLowercaseCharacters && !lower:
		return "a lower-case letter"
	case p.RequireUppercaseCharacters && !upper:
		return "an upper-case letter"
	case p.RequireNumbers && !number:
		return "a digit"
	case p.RequireSymbols && !symbol:
		return "a symbol"
	case len(different) < p.MinimumPasswordDifferentCharacter:
		return fmt.Sprintf("%d different characters", p.MinimumPasswordDifferentCharacter)
	case p.PasswordNotContainUserName && strings.Contains(fold(password), fold(userName)):
		return "independence of the user's name"
	default:
		return ""
	}
}

// checkPassword refuses a password that is too weak for its user.
func (a *account) checkPassword(parameter, password string, u *user) *apiError {
	lacking := a.Passwords.weakness(password, u.Name)
	if lacking == "" {
		return nil
	}
	return invalidParameter(parameter+".TooWeak", "The password is too weak for the password policy of the account; it lacks %s.", lacking)
}
