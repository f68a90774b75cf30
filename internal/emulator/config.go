package emulator

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// Config says what to emulate. The zero value is a useful, strict service with two
// accounts; every switch below deviates from it or settles an unconfirmed behaviour.
type Config struct {
	// Accounts are the ids of the emulated accounts, 16 digits each.
	// Default: 1000000000000001 and 1000000000000002.
	Accounts []string
	// Clock is the service's clock: expiry, skew, dates, waits. Default clock.System.
	Clock clock.Clock
	// Random is the source of all ids and secrets. Default crypto/rand.
	Random io.Reader

	// PageSize caps every page, so that a handful of objects already needs several.
	// 0 leaves the documented default and maximum of each list.
	PageSize int
	// EnforceRates refuses what exceeds the documented rate of an operation.
	EnforceRates bool
	// ThrottleStatus is the HTTP status of Throttling answers: 400 (default) or 429.
	ThrottleStatus int
	// Latency is added to each answer.
	Latency time.Duration
	// Lag makes reads answer as of Lag ago, and objects younger than that unknown to
	// calls that give them keys, policies or members.
	Lag time.Duration
	// LastUsedLag is how much later GetAccessKeyLastUsed knows of a use; documented
	// as up to two hours. Default 0.
	LastUsedLag time.Duration

	// ResourceGroups are the resource groups of every account, such as rg-example: the
	// scopes that a policy can be attached for besides the whole account.
	ResourceGroups []string

	// StateFile keeps the state between runs; empty keeps it in memory. The file
	// holds secrets in clear text and is written with mode 0600.
	StateFile string
	// AllowRemote answers requests for any Host; otherwise loopback names only.
	AllowRemote bool

	// LenientIMSDeleteUser lets IMS DeleteUser remove a user with keys, policies,
	// groups, login profile or MFA device; RAM DeleteUser always refuses those.
	LenientIMSDeleteUser bool
	// StrictIMSDeleteAccessKey lets IMS DeleteAccessKey refuse an Active key, as the
	// console does; RAM DeleteAccessKey always takes it.
	StrictIMSDeleteAccessKey bool
	// RespaceDocuments gives documents back spelt anew: keys in another order, other
	// white space, lists for single values. The service is known to re-space trust
	// policies; by default documents come back as they were sent.
	RespaceDocuments bool
	// InsecureTransport sets acs:SecureTransport to false. By default it is true: the
	// loopback listener stands for an HTTPS endpoint.
	InsecureTransport bool

	// SourceIPHeader names a request header, such as X-Test-Source-Ip, in which a call may
	// state the address it comes from: for network policies of AccessKeys and for
	// acs:SourceIp. Empty: only the address of the connection counts.
	SourceIPHeader string

	// ForeignApplications can be installed besides official-cli: names by application id.
	// They are not official, so nobody needs to be assigned to them.
	ForeignApplications map[string]string

	// EndReusedLogins ends an OAuth login when one of its used refresh tokens comes back,
	// as RFC 9700 advises. By default the used token is refused and the login lives on.
	EndReusedLogins bool

	// Instance is the ECS instance whose metadata are served. Default: one without a role.
	Instance Instance
	// CredentialsURIs are the roles that GET /credentials/<name> gives sessions of: ARNs
	// by name. SetCredentialsURI changes them.
	CredentialsURIs map[string]string

	// OIDCAlgorithm is what the emulated issuers sign tokens with: RS256 (default) or ES256.
	OIDCAlgorithm string
}

var accountID = regexp.MustCompile(`^[0-9]{16}$`)

func (c Config) withDefaults() (Config, error) {
	if len(c.Accounts) == 0 {
		c.Accounts = []string{"1000000000000001", "1000000000000002"}
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Instance.AccountID == "" {
		c.Instance.AccountID = c.Accounts[0]
	}
	if c.OIDCAlgorithm == "" {
		c.OIDCAlgorithm = "RS256"
	}
	if c.ThrottleStatus == 0 {
		c.ThrottleStatus = http.StatusBadRequest
	}
	return c, c.check()
}

func (c Config) check() error {
	seen := map[string]bool{}
	for _, id := range c.Accounts {
		if !accountID.MatchString(id) {
			return fmt.Errorf("account id %q is not 16 digits", id)
		}
		if seen[id] {
			return fmt.Errorf("account id %q is given twice", id)
		}
		seen[id] = true
	}
	if c.ThrottleStatus != http.StatusBadRequest && c.ThrottleStatus != http.StatusTooManyRequests {
		return fmt.Errorf("throttle status %d is neither 400 nor 429", c.ThrottleStatus)
	}
	for name, arn := range c.CredentialsURIs {
		if !roleARNFormat.MatchString(arn) {
			return fmt.Errorf("credentials URI %s: %q is no ARN of a role", name, arn)
		}
	}
	if err := c.Instance.check(); err != nil {
		return err
	}
	if c.OIDCAlgorithm != "RS256" && c.OIDCAlgorithm != "ES256" {
		return fmt.Errorf("OIDC algorithm %q is neither RS256 nor ES256", c.OIDCAlgorithm)
	}
	if c.PageSize < 0 || c.Latency < 0 || c.Lag < 0 || c.LastUsedLag < 0 {
		return errors.New("page size, latency and lags must not be negative")
	}
	return nil
}
