// Package auth finds the credentials that sign the provider's calls and keeps them
// fresh. Resolve decides, without any network, which one source is used; the Source it
// returns fetches credentials when the first call needs them.
//
// Every credential mode is one file. It offers a builder for a profile of the Alibaba
// Cloud CLI's config.json and, where the provider has an argument for the mode, one for
// that argument. modes.go lists them; chain.go holds the order in which sources are tried.
package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Config is everything credentials can be found in: data only, so that a test states a
// whole machine in a literal.
type Config struct {
	Arguments Arguments
	// Endpoints decides which STS host exchanges credentials. Its Lookup and Hints are
	// filled in by Resolve.
	Endpoints EndpointConfig
	Machine   Machine
	// AssumeRole performs STS AssumeRole; required as soon as a role is involved.
	AssumeRole AssumeRoler
	// AssumeRoleWithOIDC performs STS AssumeRoleWithOIDC; required for mode OIDC.
	AssumeRoleWithOIDC OIDCAssumeRoler
	// Warn is told of what goes wrong at a renewal without stopping it; nil drops it.
	Warn func(ctx context.Context, warning Warning)
}

// A Warning is something the person should know although it stops nothing.
type Warning struct{ Summary, Detail string }

// An Attempt is one place that was looked at for credentials.
type Attempt struct {
	// Place is what was looked at, such as "environment AccessKey".
	Place string
	// Chosen says whether the credentials come from there.
	Chosen bool
	// Why says in a few words why it was chosen or why it did not apply.
	Why string
}

func (a Attempt) String() string { return a.Place + ": " + a.Why }

// A Source is where credentials come from. It gives them (rpc.CredentialsProvider) and
// renews them when the service calls them expired (rpc.Refresher).
type Source struct {
	// Description names the source for people, such as
	// `profile "prod" (mode RamRoleArn) in /home/me/.aliyun/config.json`.
	Description string
	// Attempts lists what was tried, in order; the chosen one is last.
	Attempts []Attempt
	// Profile and ConfigFile name the profile used; empty without one.
	Profile, ConfigFile string
	// UsesCurrentProfile is true if nobody named the profile and config.json's
	// "current" decided: `aliyun configure switch` changes the account then.
	UsesCurrentProfile bool
	// Refreshes is false for an AccessKey or a session that nobody can renew.
	Refreshes bool
	// RoleARN is the role whose session this source gives, if it is known beforehand.
	RoleARN string
	// OAuthAppID is the application that a person or role logged in through; empty if
	// that is not where the credentials come from. A source on top has it in its Base.
	OAuthAppID string
	// Base is the source that signs AssumeRole for this one; nil if there is none.
	Base *Source
	// Hints are what the profile says of regions and STS hosts.
	Hints Hints
	// Warnings are about this source: deprecated names, a config file others can read.
	Warnings []Warning

	provider rpc.CredentialsProvider
}

// Credentials implements rpc.CredentialsProvider. Errors name the source.
func (s *Source) Credentials(ctx context.Context) (rpc.Credentials, error) {
	c, err := s.provider.Credentials(ctx)
	if err != nil {
		return rpc.Credentials{}, explain(fmt.Errorf("%s: %w", s.Description, err), s.Attempts)
	}
	c.Source = s.Description
	return c, nil
}

// AccessKeyID is the id of the key that signs now; that of a session begins with STS. It
// asks whom Credentials would ask.
func (s *Source) AccessKeyID(ctx context.Context) (string, error) {
	c, err := s.Credentials(ctx)
	return c.AccessKeyID, err
}

// KeepsAccount says whether renewed credentials are sure to belong to the same account:
// nobody can renew them, or they are sessions of a role that is named beforehand. Of any
// other source, only the service can tell.
func (s *Source) KeepsAccount() bool { return !s.Refreshes || s.RoleARN != "" }

// Refresh implements rpc.Refresher; a source that cannot be renewed says false.
func (s *Source) Refresh(ctx context.Context, stale rpc.Credentials) bool {
	refresher, ok := s.provider.(rpc.Refresher)
	return ok && s.Refreshes && refresher.Refresh(ctx, stale)
}

// LoginAppID is the application through which whoever is behind the source logged in, be
// it below roles; empty if nobody did.
func (s *Source) LoginAppID() string {
	if s.OAuthAppID == "" && s.Base != nil {
		return s.Base.LoginAppID()
	}
	return s.OAuthAppID
}

// Summary is one line for the log: which source won and why, and what came before it.
func (s *Source) Summary() string {
	var line strings.Builder
	line.WriteString("using " + s.Description)
	for _, a := range slices.Backward(s.Attempts) {
		if a.Chosen {
			line.WriteString(", chosen by " + a.String())
		} else {
			line.WriteString("; not from " + a.String())
		}
	}
	return line.String()
}

// Resolve picks the one source of credentials: the provider arguments, else the first
// place of the default chain that has some. A place that has some but is broken is an
// error: falling through would act under another identity than the person meant. Then
// the roles of Arguments.AssumeRole are put on top. Nothing is sent anywhere.
func Resolve(config Config) (*Source, error) {
	r := newResolver(config)
	source, err := r.base()
	if err != nil {
		return nil, explain(err, r.attempts)
	}
	for i, role := range r.Arguments.AssumeRole {
		source, err = r.assumeRoleArgument(source, role)
		if err != nil {
			return nil, fmt.Errorf("assume_role[%d]: %w", i, err)
		}
	}
	source.Attempts = r.attempts
	return source, nil
}

type resolver struct {
	Config
	env      environment
	attempts []Attempt
}

func newResolver(config Config) *resolver {
	config.Endpoints.Lookup = config.Machine.Lookup
	return &resolver{Config: config, env: environment{config.Machine.Lookup}}
}

// ErrNoCredentials is wrapped by the error of Resolve when no place had credentials.
var ErrNoCredentials = errors.New("no credentials found")

// explain adds to a failure which places were tried and why.
func explain(err error, attempts []Attempt) error {
	if len(attempts) == 0 {
		return err
	}
	tried := make([]string, len(attempts))
	for i, a := range attempts {
		tried[i] = a.String()
	}
	return fmt.Errorf("%w (credentials were looked for in: %s)", err, strings.Join(tried, "; "))
}

// missing names the settings that have no value; nil if all have one.
func missing(settings ...setting) error {
	var names []string
	for _, s := range settings {
		if s.value == "" {
			names = append(names, s.name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("%s is missing", names[0])
	default:
		return fmt.Errorf("%s are missing", strings.Join(names, " and "))
	}
}

type setting struct{ name, value string }

// MaskKeyID shows enough of an AccessKey id to recognise it: LTAI****abcd.
func MaskKeyID(id string) string {
	const shown = 4
	if len(id) < 3*shown {
		return "****"
	}
	return id[:shown] + "****" + id[len(id)-shown:]
}
