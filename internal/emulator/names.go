package emulator

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// nameRule is what a parameter may hold.
type nameRule struct {
	shortest, longest int // characters
	chars             *regexp.Regexp
}

var (
	userNameRule  = nameRule{1, 64, regexp.MustCompile(`^[A-Za-z0-9._-]*$`)}
	groupNameRule = nameRule{1, 64, regexp.MustCompile(`^[A-Za-z0-9._-]*$`)}
	mfaNameRule   = nameRule{1, 64, regexp.MustCompile(`^[A-Za-z0-9-]*$`)}
	commentsRule  = nameRule{0, 128, nil}
	// RAM knows dots in the names of MFA devices, IMS does not.
	mfaNameRuleRAM = nameRule{1, 64, regexp.MustCompile(`^[A-Za-z0-9.-]*$`)}
	// IMS documents 24 characters, RAM and the console 128.
	displayNameIMS   = nameRule{1, 24, nil}
	groupDisplayName = nameRule{0, 24, nil}
	displayNameRAM   = nameRule{1, 128, nil}
)

// check refuses a value that breaks the rule, naming the parameter.
func (r nameRule) check(parameter, value string) *apiError {
	if n := utf8.RuneCountInString(value); n < r.shortest || n > r.longest {
		return invalidParameter(parameter+".Length",
			"The length of %s must be between %d and %d characters.", parameter, r.shortest, r.longest)
	}
	if r.chars != nil && !r.chars.MatchString(value) {
		return invalidParameter(parameter+".InvalidChars", "The parameter %s holds invalid characters.", parameter)
	}
	return nil
}

// checkOptional is check for a parameter that may be absent.
func (r nameRule) checkOptional(parameter string, value *string) *apiError {
	if value == nil {
		return nil
	}
	return r.check(parameter, *value)
}

// first is the first of several refusals, or nil.
func first(refusals ...*apiError) *apiError {
	for _, refused := range refusals {
		if refused != nil {
			return refused
		}
	}
	return nil
}

var (
	emailFormat  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	mobileFormat = regexp.MustCompile(`^[0-9]{1,4}-[0-9]{4,20}$`)
)

// checkContact looks at e-mail and phone; empty means none.
func checkContact(emailParameter, email, phoneParameter, phone string) *apiError {
	if email != "" && !emailFormat.MatchString(email) {
		return invalidParameter(emailParameter+".Format", "The format of %s is invalid.", emailParameter)
	}
	if phone != "" && !mobileFormat.MatchString(phone) {
		return invalidParameter(phoneParameter+".Format", "The format of %s is invalid.", phoneParameter)
	}
	return nil
}

// domainSuffix ends the default domain of every account.
const domainSuffix = ".onaliyun.com"

// domain is the default domain of the account: its alias, or its id, and the suffix.
func (a *account) domain() string {
	if a.Alias != "" {
		return a.Alias + domainSuffix
	}
	return a.ID + domainSuffix
}

// upn is the user principal name of a user of the account.
func (a *account) upn(userName string) string { return userName + "@" + a.domain() }

// userName takes a user principal name apart. The domain may start with the alias
// or the account id (assumption "upn-domain"); any other is nobody's here.
func (a *account) userName(upn string) (string, bool) {
	name, domain, found := strings.Cut(upn, "@")
	domain = strings.ToLower(domain)
	return name, found && (domain == a.domain() || domain == a.ID+domainSuffix)
}
