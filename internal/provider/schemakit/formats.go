// Package schemakit holds what the schemas of several resources share: attributes that
// mean the same everywhere, the formats of names and identifiers, and the parsing of
// import ids.
package schemakit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/policy"
)

// The patterns are compiled once: a schema is built many times in a run.
var (
	accountIDPattern           = regexp.MustCompile(`^[0-9]{16}$`)
	userNamePattern            = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	roleNamePattern            = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)
	policyNamePattern          = regexp.MustCompile(`^[A-Za-z0-9-]{1,128}$`)
	accessConfigurationPattern = regexp.MustCompile(`^ac-[A-Za-z0-9-]+$`)
	applicationIDPattern       = regexp.MustCompile(`^[0-9]{1,32}$`)
	scopePattern               = regexp.MustCompile(`^[^;\s]+$`)
	regionPattern              = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// AccountIDFormat is 16 digits.
func AccountIDFormat() validator.String {
	return stringvalidator.RegexMatches(accountIDPattern, "an account ID has 16 digits")
}

// UserName is 1 to 64 letters, digits, '.', '_' and '-' (RAM API, CreateUser).
func UserName() validator.String {
	return stringvalidator.RegexMatches(userNamePattern, "a user name has 1 to 64 letters, digits, '.', '_' or '-'")
}

// GroupName has the format of user names (RAM API, CreateGroup).
func GroupName() validator.String {
	return stringvalidator.RegexMatches(userNamePattern, "a group name has 1 to 64 letters, digits, '.', '_' or '-'")
}

// RoleName is 1 to 64 letters, digits, '.' and '-' (RAM API, CreateRole).
func RoleName() validator.String {
	return stringvalidator.RegexMatches(roleNamePattern, "a role name has 1 to 64 letters, digits, '.' or '-', and no underscore")
}

// NotServiceLinked refuses the names of roles that a cloud service makes for itself and
// nobody else may change or delete (RAM help, "Service-linked roles").
func NotServiceLinked() validator.String {
	return checked{"must not be a service-linked role", func(name string) error {
		if IsServiceLinked(name) {
			return errors.New("roles named AliyunServiceRoleFor… are managed by the service that they serve")
		}
		return nil
	}}
}

// IsServiceLinked recognises the names that NotServiceLinked refuses.
func IsServiceLinked(roleName string) bool {
	return strings.HasPrefix(strings.ToLower(roleName), "aliyunservicerolefor")
}

// PolicyName is 1 to 128 letters, digits and '-' (RAM API, CreatePolicy).
func PolicyName() validator.String {
	return stringvalidator.RegexMatches(policyNamePattern, "a policy name has 1 to 128 letters, digits or '-'")
}

// ApplicationID is digits; those seen have 19.
func ApplicationID() validator.String {
	return stringvalidator.RegexMatches(applicationIDPattern, "the ID of an application is digits only, as in 4038181954557748008")
}

// Assignable is a type of principal that applications can be assigned to (help page "OAuth
// for Alibaba Cloud CLI", Limits).
func Assignable() validator.String {
	return checked{"must be user or role", func(principalType string) error {
		switch principalType {
		case "user", "role":
			return nil
		case "group":
			return errors.New("an application cannot be assigned to a group; the service takes RAM users and RAM roles only. Assign it to each member (for_each)")
		default:
			return fmt.Errorf("%q is neither", principalType)
		}
	}}
}

// Scope is one right of an OAuth application, such as openid. Lists of them are joined
// with semicolons (IMS API, ProvisionExternalApplication).
func Scope() validator.String {
	return stringvalidator.RegexMatches(scopePattern, "a scope has neither semicolons nor spaces, as in openid")
}

// Region looks like ap-northeast-1.
func Region() validator.String {
	return stringvalidator.RegexMatches(regionPattern, "a region looks like ap-northeast-1")
}

// Text is 1 to limit characters. The empty text is refused, because the service stores
// it as no text at all, which would plan a change for ever.
func Text(limit int) validator.String {
	return checked{
		rule: fmt.Sprintf("must have 1 to %d characters; leave the argument out for none", limit),
		check: func(text string) error {
			if n := utf8.RuneCountInString(text); n < 1 || n > limit {
				return fmt.Errorf("it has %d", n)
			}
			return nil
		},
	}
}

// RoleARN is acs:ram::<account id>:role/<name>.
func RoleARN() validator.String { return checked{"must be the ARN of a role", auth.ValidateRoleARN} }

// OIDCProviderARN is acs:ram::<account id>:oidc-provider/<name>.
func OIDCProviderARN() validator.String {
	return checked{"must be the ARN of an OIDC provider", auth.ValidateOIDCProviderARN}
}

// AccessConfigurationID is what CloudSSO calls an access configuration; its name, which
// people see, does not serve.
func AccessConfigurationID() validator.String {
	return stringvalidator.RegexMatches(accessConfigurationPattern, "the ID of a CloudSSO access configuration, which begins with ac-; its name does not serve")
}

// RoleSessionName is what AssumeRole takes.
func RoleSessionName() validator.String {
	return checked{"must be a role session name", auth.ValidateSessionName}
}

// ExternalID is what AssumeRole takes.
func ExternalID() validator.String { return checked{"must be an external ID", auth.ValidateExternalID} }

// SessionPolicy is a policy document of the size that AssumeRole takes.
func SessionPolicy() validator.String {
	return checked{"must be a policy document for a session", func(text string) error {
		if err := auth.ValidateSessionPolicy(text); err != nil {
			return err
		}
		return policy.ValidateIdentity(text)
	}}
}

// Duration is a positive Go duration such as 30s.
func Duration() validator.String {
	return checked{"must be a positive duration such as 30s or 2m", func(text string) error {
		if d, err := time.ParseDuration(text); err != nil || d <= 0 {
			return fmt.Errorf("%q is none", text)
		}
		return nil
	}}
}

// HTTPURL is an absolute http or https URL. The error does not repeat it, since it may
// hold a password.
func HTTPURL() validator.String {
	return checked{"must be an http:// or https:// URL", func(text string) error {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return errors.New("the given value is not")
		}
		return nil
	}}
}

// Tags are at most 20 pairs of a key (1 to 128 characters, not beginning with acs: or
// aliyun, with no http:// or https:// in it) and a value of at most 128 (IMS API,
// TagResources).
func Tags() []validator.Map {
	return []validator.Map{
		mapvalidator.SizeAtMost(20),
		mapvalidator.KeysAre(checked{"must be a tag key", func(key string) error {
			n := utf8.RuneCountInString(key)
			switch {
			case n < 1 || n > 128:
				return fmt.Errorf("a key has 1 to 128 characters, this one %d", n)
			case strings.HasPrefix(key, "acs:"), strings.HasPrefix(key, "aliyun"):
				return errors.New("keys that begin with acs: or aliyun are reserved")
			case strings.Contains(key, "http://"), strings.Contains(key, "https://"):
				return errors.New("a key must not contain http:// or https://")
			}
			return nil
		}}),
		mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(128)),
	}
}

// ConflictsWithSet refuses to be set together with the other root attribute.
func ConflictsWithSet(other string) validator.Set {
	return setvalidator.ConflictsWith(path.MatchRoot(other))
}

// checked is a validator made of a rule, for people, and a function.
type checked struct {
	rule  string
	check func(string) error
}

func (c checked) Description(context.Context) string         { return c.rule }
func (c checked) MarkdownDescription(context.Context) string { return c.rule }

func (c checked) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := c.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			fmt.Sprintf("The value of %s %s: %s.", req.Path, c.rule, strings.TrimSuffix(err.Error(), ".")))
	}
}
