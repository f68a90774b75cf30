package connection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/policy"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A Signer is one of the credentials that a call depends on: those that sign it, or
// those that assumed the role in whose session it is signed.
type Signer struct {
	// Description names the credentials for people.
	Description string
	// RoleARN is the role whose session they are, if that is known without a call.
	RoleARN string
	// AccessKeyID gives the id of the key: STS.… of a session. It asks nobody whom
	// signing a call would not ask.
	AccessKeyID func(context.Context) (string, error)
	// Identity asks the service who they belong to (STS API, GetCallerIdentity, for
	// which nobody needs a permission).
	Identity func(context.Context) (ramclient.CallerIdentity, error)
}

// A Change is something that a plan would take from an AccessKey, a user, a role or the
// members of a group. Fields that do not concern it are empty.
type Change struct {
	// What would be done, as in "destroy RAM role \"ci\"".
	What string
	// AccountID is the account of the object in state; empty if that is not known.
	AccountID string

	AccessKeyID string
	// UserID decides if it is known, for names can be reused.
	UserID, UserName string
	RoleName         string
	// GroupName concerns Terraform if its user is a member.
	GroupName string
	// AppID is an OAuth application, or, with a user or role, what lets them log in through
	// it. It concerns Terraform if that is how it logged in.
	AppID string
}

// RefuseOnSelf adds an error, and reports false, if the change would hit what Terraform
// itself runs as: the key that signs, the base key under assume_role, or the user or
// role of either. The provider argument allow_self_change lets it pass. Call it where a
// plan disables, deletes, restricts or detaches, and again before doing so, since
// Terraform shows no provider the plan of a replacement that was forced on it (-replace,
// taint):
//
//	r.RefuseOnSelf(ctx, connection.Change{
//		What:      "destroy " + object(name),
//		AccountID: state.AccountID.ValueString(),
//		RoleName:  name,
//	}, &resp.Diagnostics)
//
// It makes no call for an AccessKey, and as a rule none for a user or a role but the
// GetCallerIdentity of Begin. Under assume_role, a question about a user or group asks
// once in the process who the base credentials belong to. A group costs the list of the
// own user's groups. Without a configured client, and where the service does not
// answer, nothing is refused.
func (c *Connection) RefuseOnSelf(ctx context.Context, change Change, diags *diag.Diagnostics) bool {
	if !c.CanCall() || c.AllowSelfChange {
		return true
	}
	if change.AccessKeyID != "" {
		return c.refuseIf(c.whoseKey(ctx, change.AccessKeyID), change, diags)
	}
	if change.AppID != "" && change.AppID != c.LoginAppID {
		return true
	}
	caller, ok := c.Begin(ctx, diags)
	if !ok || change.AccountID != "" && change.AccountID != caller.AccountID {
		return ok
	}
	switch {
	case change.RoleName != "":
		return c.refuseIf(c.whoseRole(ctx, caller, change.RoleName), change, diags)
	case change.GroupName != "":
		return c.refuseIf(c.whoseGroup(ctx, caller, change.GroupName), change, diags)
	case change.AppID != "" && change.UserID == "" && change.UserName == "":
		return c.refuseIf("the provider is logged in through this application ("+c.base().Description+")", change, diags)
	default:
		return c.refuseIf(c.whoseUser(ctx, caller, change), change, diags)
	}
}

// RoleAssumer is who assumes the role of this ARN in the chain of credentials that
// Terraform runs with. It reports false if the role is not one of the chain, or is
// assumed with anything but an identity of RAM.
func (c *Connection) RoleAssumer(ctx context.Context, roleARN string, diags *diag.Diagnostics) (policy.Principal, bool) {
	if !c.CanCall() || roleARN == "" {
		return policy.Principal{}, false
	}
	at := slices.IndexFunc(c.Signers, func(signer Signer) bool { return strings.EqualFold(signer.RoleARN, roleARN) })
	if at < 0 || at == len(c.Signers)-1 {
		return policy.Principal{}, false
	}
	if assumer := c.Signers[at+1]; assumer.RoleARN != "" {
		account, name := splitRoleARN(assumer.RoleARN)
		return policy.Principal{AccountID: account, Type: policy.PrincipalRole, Name: name}, true
	}
	if _, ok := c.Begin(ctx, diags); !ok {
		return policy.Principal{}, false
	}
	base, ok := c.baseIdentity(ctx)
	switch {
	case !ok:
		return policy.Principal{}, false
	case userOf(base) != "":
		return policy.Principal{AccountID: base.AccountID, Type: policy.PrincipalUser, Name: userOf(base)}, true
	case roleOf(base) != "":
		return policy.Principal{AccountID: base.AccountID, Type: policy.PrincipalRole, Name: roleOf(base)}, true
	}
	return policy.Principal{}, false // the root of an account cannot assume roles
}

func (c *Connection) refuseIf(why string, change Change, diags *diag.Diagnostics) bool {
	if why == "" {
		return true
	}
	diags.AddError("Refusing to "+change.What, fmt.Sprintf(
		"This hits what Terraform itself runs as: %s. Terraform might lock itself out, perhaps in the middle of the apply.\n"+
			"Next step: run Terraform with other credentials for this change, or set allow_self_change = true in the provider block if it is meant.", why))
	return false
}

// whoseKey says in words why the key is Terraform's own; empty if it is not.
func (c *Connection) whoseKey(ctx context.Context, accessKeyID string) string {
	for i, signer := range c.Signers {
		if signer.RoleARN != "" {
			continue // a session has a key of its own
		}
		if id, err := signer.AccessKeyID(ctx); err != nil || id != accessKeyID {
			continue
		}
		if i == 0 {
			return "the provider signs with this key (" + signer.Description + ")"
		}
		return "this key (" + signer.Description + ") assumes the role that the provider acts in"
	}
	return ""
}

func (c *Connection) whoseRole(ctx context.Context, caller ramclient.CallerIdentity, roleName string) string {
	if strings.EqualFold(roleOf(caller), roleName) {
		return "the provider acts in a session of this role (" + c.CredentialSource + ")"
	}
	const chained = "the role that the provider acts in is assumed from a session of this one ("
	for i, signer := range c.Signers {
		account, name := splitRoleARN(signer.RoleARN)
		if i > 0 && account == caller.AccountID && strings.EqualFold(name, roleName) {
			return chained + signer.Description + ")"
		}
	}
	if base, ok := c.baseIdentity(ctx); ok && base.AccountID == caller.AccountID && strings.EqualFold(roleOf(base), roleName) {
		return chained + c.base().Description + ")"
	}
	return ""
}

func (c *Connection) whoseUser(ctx context.Context, caller ramclient.CallerIdentity, change Change) string {
	own, why := c.ownUser(ctx, caller)
	switch {
	case own == (ownUser{}):
		return ""
	case change.UserID != "" && change.UserID != own.id:
		return ""
	case change.UserID == "" && change.UserName != own.name:
		return ""
	}
	return why
}

func (c *Connection) whoseGroup(ctx context.Context, caller ramclient.CallerIdentity, groupName string) string {
	own, why := c.ownUser(ctx, caller)
	if own == (ownUser{}) {
		return ""
	}
	principalName, err := c.PrincipalName(ctx, own.name)
	if err != nil {
		return ""
	}
	groups, err := c.Reads.GroupsForUser(ctx, principalName)
	isMember := slices.ContainsFunc(groups, func(group ramclient.UserGroup) bool { return group.GroupName == groupName })
	if err != nil || !isMember {
		return ""
	}
	return fmt.Sprintf("RAM user %q is a member of this group, and %s", own.name, why)
}

type ownUser struct{ id, name string }

// ownUser is the user behind the calls, and in words how; the zero ownUser if there is
// none in this account, or none can be told.
func (c *Connection) ownUser(ctx context.Context, caller ramclient.CallerIdentity) (ownUser, string) {
	if name := userOf(caller); name != "" {
		return ownUser{caller.UserID, name}, "the provider signs as this user (" + c.CredentialSource + ")"
	}
	base, ok := c.baseIdentity(ctx)
	if name := userOf(base); ok && name != "" && base.AccountID == caller.AccountID {
		return ownUser{base.UserID, name}, "this user (" + c.base().Description + ") assumes the role that the provider acts in"
	}
	return ownUser{}, ""
}

// base are the credentials at the bottom of a chain of roles.
func (c *Connection) base() Signer { return c.Signers[len(c.Signers)-1] }

// baseIdentity is who the base credentials under assume_role belong to, if there are
// any and only a call can tell. The call is made once; if it fails, it is not repeated.
func (c *Connection) baseIdentity(ctx context.Context) (ramclient.CallerIdentity, bool) {
	if len(c.Signers) < 2 || c.base().RoleARN != "" {
		return ramclient.CallerIdentity{}, false
	}
	c.baseAsked.Do(func() { c.baseIs, c.baseErr = c.base().Identity(ctx) })
	return c.baseIs, c.baseErr == nil
}

// userOf is the name of a caller who is a user: acs:ram::<account id>:user/<name>.
func userOf(caller ramclient.CallerIdentity) string {
	_, name, isUser := strings.Cut(caller.ARN, ":user/")
	if !isUser {
		return ""
	}
	return name
}

// roleOf is the name of the role that a caller is a session of. The service's own
// samples spell the ARN in three ways: acs:ram::<account id>:assumed-role/<role>/<session>,
// the same with acs:sts, and acs:ram::<account id>:role/<role>/<session>.
func roleOf(caller ramclient.CallerIdentity) string {
	_, rest, isRole := strings.Cut(caller.ARN, "role/")
	if !isRole {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// splitRoleARN reads acs:ram::<account id>:role/<name>.
func splitRoleARN(arn string) (account, name string) {
	prefix, name, _ := strings.Cut(arn, ":role/")
	return prefix[strings.LastIndex(prefix, ":")+1:], name
}
