// Package connection is one configured provider alias at work: the client it calls
// with, who it turned out to be, and what it remembers during the run. Terraform
// starts a new process for every phase, so a Connection lives for one of them.
package connection

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// PlaintextSecrets is what to do when a secret is about to be created in state
// without encryption.
type PlaintextSecrets string

// The choices of the provider argument plaintext_secrets.
const (
	PlaintextWarn  PlaintextSecrets = "warn"
	PlaintextAllow PlaintextSecrets = "allow"
	PlaintextError PlaintextSecrets = "error"
)

// Settings are what the provider's arguments say, beyond the client itself.
type Settings struct {
	Client *ramclient.Client
	Clock  clock.Clock
	Tags   tagging.Settings

	// AllowedAccountIDs and ForbiddenAccountIDs guard against the wrong account.
	AllowedAccountIDs, ForbiddenAccountIDs []string
	PlaintextSecrets                       PlaintextSecrets
	// HighRisk judges grants and documents; see HighRiskRules.
	HighRisk highrisk.Rules
	// AllowSelfChange lets plans take from what Terraform itself runs as; see RefuseOnSelf.
	AllowSelfChange bool
	// OnlyThisMachine says that no real account can be called.
	OnlyThisMachine bool
	// CredentialSource says in words which credentials are in use.
	CredentialSource string
	// Signers are those credentials, followed by what they are assumed from: the base
	// is the last.
	Signers []Signer
	// Watch are the credentials that Client signs with, if they might come to belong to
	// another account; nil if they cannot.
	Watch *Watch
	// Warnings are shown with the next answer to Terraform. New makes them if nil.
	Warnings *Warnings
	// FromCurrentProfile says that nobody chose the credentials: they are those of
	// whatever profile `current` in config.json names.
	FromCurrentProfile bool
	// LoginAppID is the application through which whoever the credentials belong to
	// logged in (mode OAuth); empty in every other mode.
	LoginAppID string
	// Unknown names the provider arguments whose values are not known yet. With any,
	// there is no Client, and only plans that need no call can go on.
	Unknown []string
	// NoCredentials says where credentials were looked for, if none were found. There is
	// no Client then, and only what needs no call can go on.
	NoCredentials string
}

// Connection is safe for concurrent use.
type Connection struct {
	Settings
	// Reads shares what the refresh of many resources asks for.
	Reads *ramclient.SharedReads
	// Recent knows which objects this process made or saw moments ago.
	Recent *Recent
	// Names knows which user names this process plans to give, GroupNames which group
	// names.
	Names, GroupNames *Names
	// Keys knows which AccessKeys this process works on.
	Keys *Keys
	// Claims knows who manages which policies of users, groups and roles.
	Claims *Claims
	// Members knows who manages which members of groups, in the same way.
	Members *Claims

	begin    sync.Mutex
	began    bool
	caller   ramclient.CallerIdentity
	refusal  diag.Diagnostics // why nothing may be called
	domain   sync.Mutex
	domainIs string

	baseAsked sync.Once
	baseIs    ramclient.CallerIdentity
	baseErr   error
}

// New makes a connection. It calls nobody.
func New(settings Settings) *Connection {
	c := &Connection{Settings: settings, Recent: newRecent(settings.Clock), Names: newNames(), GroupNames: newNames(), Keys: newKeys(), Claims: newClaims(), Members: newClaims()}
	if settings.Client != nil {
		c.Reads = settings.Client.Shared()
	}
	if c.Warnings == nil {
		c.Warnings = &Warnings{}
	}
	return c
}

// CanCall says whether a call could be made at all. A plan that could check more with
// a call, but need not, asks first.
func (c *Connection) CanCall() bool { return c != nil && c.Client != nil }

// Begin precedes the first service call of every operation. The first time in the
// process it asks the service who the caller is (one GetCallerIdentity, never in
// Configure; a Watch asks again), applies the account guards, and warns of dangerous
// identities. It reports false, with an error in diags, when nothing may be called; the
// service is not asked again, but every operation has to say why it failed. Warnings
// that waited for an answer go along.
func (c *Connection) Begin(ctx context.Context, diags *diag.Diagnostics) (ramclient.CallerIdentity, bool) {
	if c == nil {
		diags.AddError("The provider is not configured",
			"This operation calls the service, but Terraform has not configured the provider. This is a bug; please report it.")
		return ramclient.CallerIdentity{}, false
	}
	if len(c.Unknown) > 0 {
		diags.AddError("The provider's configuration is not known yet", fmt.Sprintf(
			"This operation has to call the service, but the value of the provider argument %s is known only after apply.\n"+
				"Next step: apply what that value comes from first (terraform apply -target=…), or set it from something known at plan time.",
			strings.Join(c.Unknown, ", ")))
		return ramclient.CallerIdentity{}, false
	}

	if c.NoCredentials != "" {
		diags.AddError("Cannot find credentials", c.NoCredentials)
		return ramclient.CallerIdentity{}, false
	}

	c.begin.Lock()
	defer c.begin.Unlock()
	defer c.Warnings.show(diags)
	if c.began {
		diags.Append(c.refusal...)
		return c.current(), !c.refusal.HasError()
	}
	caller, found := c.identify(ctx)
	diags.Append(found...)
	if found.HasError() && ctx.Err() != nil {
		return caller, false // given up, not refused: whoever comes next may ask
	}
	c.caller, c.refusal, c.began = caller, found.Errors(), true
	return caller, !found.HasError()
}

// current is who the credentials belong to now: always of the account of the beginning.
func (c *Connection) current() ramclient.CallerIdentity {
	if c.Watch != nil {
		return c.Watch.Caller()
	}
	return c.caller
}

// identify asks who the caller is and judges the answer.
func (c *Connection) identify(ctx context.Context) (ramclient.CallerIdentity, diag.Diagnostics) {
	var diags diag.Diagnostics
	ask := c.Client.GetCallerIdentity
	if c.Watch != nil {
		ask = c.Watch.Begin
	}
	caller, err := ask(ctx)
	if err != nil {
		failure := apidiag.Error("find out who the caller is", err)
		diags.AddError(failure.Summary(), failure.Detail()+"\nCredentials: "+c.CredentialSource)
		return caller, diags
	}
	if c.guard(caller, &diags) {
		c.warn(caller, &diags)
	}
	return caller, diags
}

// Permits says whether the account guards let the provider work in the account.
func (s Settings) Permits(account string) bool {
	allowed := len(s.AllowedAccountIDs) == 0 || slices.Contains(s.AllowedAccountIDs, account)
	return allowed && !slices.Contains(s.ForbiddenAccountIDs, account)
}

func (c *Connection) guard(caller ramclient.CallerIdentity, diags *diag.Diagnostics) bool {
	if c.Permits(caller.AccountID) {
		return true
	}
	fault := "which is in forbidden_account_ids"
	if len(c.AllowedAccountIDs) > 0 {
		fault = "which is not in allowed_account_ids (" + strings.Join(c.AllowedAccountIDs, ", ") + ")"
	}
	diags.AddError("Wrong Alibaba Cloud account", fmt.Sprintf(
		"The credentials of the provider (%s) belong to account %s, %s. Nothing was read or changed.\n"+
			"Next step: use credentials of the right account, or correct the guard in the provider block.",
		c.CredentialSource, caller.AccountID, fault))
	return false
}

func (c *Connection) warn(caller ramclient.CallerIdentity, diags *diag.Diagnostics) {
	if caller.IdentityType == ramclient.IdentityAccount && !c.OnlyThisMachine { // an emulated root is no risk
		diags.AddWarning("The provider signs with the account's root key", fmt.Sprintf(
			"The credentials (%s) are an AccessKey of the Alibaba Cloud account %s itself. It may do everything, no policy limits it, it cannot assume roles, and a leak is the loss of the account.\n"+
				"Next step: create a RAM user or role with the permissions listed in the documentation of each resource, and delete the root key.",
			c.CredentialSource, caller.AccountID))
	}
	if c.FromCurrentProfile && len(c.AllowedAccountIDs) == 0 {
		diags.AddWarning("The credentials are those of the current CLI profile", fmt.Sprintf(
			"Nothing in the provider block or the environment names credentials, so the provider uses %s, in account %s. Another person's current profile may be another account.\n"+
				"Next step: set profile, or allowed_account_ids = [%q], in the provider block.",
			c.CredentialSource, caller.AccountID, caller.AccountID))
	}
}

// InAccount begins, and compares the account that the object in state belongs to with
// the caller's. In another account the object would look gone, or worse, a namesake
// would be found; so a mismatch is an error that leaves the state as it is. An empty
// account in state (just imported) matches.
func (c *Connection) InAccount(ctx context.Context, inState, object string, diags *diag.Diagnostics) (ramclient.CallerIdentity, bool) {
	caller, ok := c.Begin(ctx, diags)
	if !ok || inState == "" || inState == caller.AccountID {
		return caller, ok
	}
	diags.AddError("Wrong Alibaba Cloud account", fmt.Sprintf(
		"%s belongs to account %s, but the credentials of the provider (%s) belong to account %s. The object was neither read nor changed, and stays in the state.\n"+
			"Next step: configure the provider (or the alias named by the resource's provider argument) with credentials of account %s.",
		object, inState, c.CredentialSource, caller.AccountID, inState))
	return caller, false
}

// TagSettings are the provider's tag settings; nil as long as they are not known.
func (c *Connection) TagSettings() *tagging.Settings {
	if c == nil || len(c.Unknown) > 0 {
		return nil
	}
	return &c.Tags
}

// HighRiskRules judge what a plan grants; they say nothing as long as the provider's
// arguments are not known.
func (c *Connection) HighRiskRules() highrisk.Rules {
	if c == nil {
		return highrisk.Rules{}
	}
	return c.HighRisk
}

// PrincipalName is the login name of the user called userName, as IMS wants it:
// <name>@<default domain>. The domain is read once per process; a caller that may not
// read it gets the domain that every account has, <account id>.onaliyun.com.
func (c *Connection) PrincipalName(ctx context.Context, userName string) (string, error) {
	c.domain.Lock()
	defer c.domain.Unlock()
	if c.domainIs == "" {
		domain, err := c.Client.GetDefaultDomain(ctx)
		switch {
		case ramclient.IsNoPermission(err):
			domain = c.caller.AccountID + ".onaliyun.com"
		case err != nil:
			return "", err
		}
		c.domainIs = domain
	}
	return userName + "@" + c.domainIs, nil
}
