package policy

import "strings"

// PrincipalType is the kind of whoever asks to assume a role.
type PrincipalType string

// The kinds of principals.
const (
	PrincipalRoot      PrincipalType = "root"
	PrincipalUser      PrincipalType = "user"
	PrincipalRole      PrincipalType = "role" // a session of the role
	PrincipalService   PrincipalType = "service"
	PrincipalFederated PrincipalType = "federated"
)

// A Principal is who asks to assume a role.
type Principal struct {
	// AccountID is the account the principal belongs to. Of a service: the account on
	// whose behalf it acts, if any.
	AccountID string
	Type      PrincipalType
	// Name is the user's name, the role's name, the service's host (ecs.aliyuncs.com) or
	// the ARN of the identity provider. Empty for root.
	Name string
}

// matches says whether a value under a Principal key of a trust policy means p.
// RAM: trust policies; "edit the trust policy of a RAM role".
func (p Principal) matches(kind, trusted string) bool {
	switch p.Type {
	case PrincipalService:
		return kind == "Service" && p.isService(trusted)
	case PrincipalFederated:
		return kind == "Federated" && trusted == p.Name
	case PrincipalRoot, PrincipalUser, PrincipalRole:
		return kind == "RAM" && p.isIdentity(trusted)
	default:
		return false
	}
}

// isService compares with `ecs.aliyuncs.com`, or with `<account>@ecs.aliyuncs.com`, which
// is the service when it acts for that account.
func (p Principal) isService(trusted string) bool {
	account, host, limited := strings.Cut(trusted, "@")
	if !limited {
		host = trusted
	}
	return fold(host) == fold(p.Name) && (!limited || account == p.AccountID)
}

// isIdentity compares with `acs:ram::<account>:root`, which is every identity of the
// account, or with one user or role. The names of roles ignore case: see canonical.go.
func (p Principal) isIdentity(trusted string) bool {
	if trusted == "*" {
		return true
	}
	a := splitARN(trusted)
	if !a.ok || a.service != "ram" || (a.account != "*" && a.account != p.AccountID) {
		return false
	}
	if a.relative == "root" {
		return true
	}
	kind, name, _ := strings.Cut(a.relative, "/")
	switch {
	case kind != string(p.Type):
		return false
	case p.Type == PrincipalRole:
		return fold(name) == fold(p.Name)
	default:
		return p.Type == PrincipalUser && name == p.Name
	}
}
