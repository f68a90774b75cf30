package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// state is everything the service remembers. Its fields are exported because the
// state file is its JSON, and so is the copy a lagging read sees: what is not here
// is not remembered. Objects refer to each other by id, never by pointer.
type state struct {
	Accounts map[string]*account // by account id
	Sessions map[string]*session // by temporary AccessKey id, of all accounts
	KeyPairs map[string]*keyPair // by id, of all accounts
	// MetadataTokens of the ECS instance, with the end of their validity.
	MetadataTokens map[string]time.Time
	Logins         []*oauthLogin // through OAuth, oldest first
	SSOLogins      []*ssoLogin   // to CloudSSO, oldest first
	Browser        string        // ARN of the identity signed in to the browser; empty: none
}

type account struct {
	ID            string
	Alias         string // empty until set; the default domain then starts with the id
	RootKeys      []*accessKey
	Users         map[string]*user                // by fold(name)
	UserBin       map[string]*user                // recycle bin, by user id
	Groups        map[string]*group               // by fold(name)
	Roles         map[string]*role                // by fold(name)
	Policies      map[string]*policy              // custom policies only, by fold(name)
	Attachments   []attachment                    // in the order of attaching
	MFADevices    map[string]*mfaDevice           // by serial number
	OIDCProviders map[string]*oidcProvider        // by fold(name)
	Applications  map[string]*externalApplication // installed ones, by application id
	Network       *networkPolicy                  // of all permanent keys that have none of their own; nil: never set
	Passwords     passwordPolicy
	Security      securityPreference
	Report        *credentialReport // nil: none was made
}

type user struct {
	ID, Name, DisplayName, Comments, Email, MobilePhone string
	Status                                              string // userActive or userFrozen
	Created, Updated, LastLogin                         time.Time
	Tags                                                map[string]string
	Keys                                                []*accessKey
	KeyBin                                              []*accessKey // oldest first
	Login                                               *loginProfile
	Recycled                                            time.Time // zero unless in the recycle bin
}

const (
	userActive = "active"
	userFrozen = "freeze"
)

type accessKey struct {
	ID, Secret       string
	Status           string // keyActive or keyInactive
	Created, Updated time.Time
	LastUsed         time.Time // told until then; zero: never
	LastService      string
	NewestUse        time.Time // told once it is as old as Config.LastUsedLag; zero: none
	NewestService    string
	Network          *networkPolicy
	Recycled         time.Time // zero unless in the recycle bin
}

const (
	keyActive   = "Active"
	keyInactive = "Inactive"
)

type loginProfile struct {
	Password                               string
	PastPasswords                          []string // newest first
	PasswordSet                            time.Time
	InitialPassword                        bool   // given when the login was made or enabled again
	Status                                 string // keyActive or keyInactive
	PasswordResetRequired, MFABindRequired bool
	Created, Updated                       time.Time
}

type mfaDevice struct {
	SerialNumber, Seed string
	UserID             string // empty: not bound
	Activated          time.Time
}

type group struct {
	ID, Name, DisplayName, Comments string
	Created, Updated                time.Time
	Members                         []member
}

type member struct {
	UserID string
	Joined time.Time
}

type role struct {
	ID, Name, Description, TrustPolicy string
	MaxSessionDuration                 int // seconds
	Created, Updated                   time.Time
	Tags                               map[string]string
}

type policy struct {
	Name, Description string
	Created, Updated  time.Time
	Tags              map[string]string
	Versions          []*policyVersion // oldest first
	Default           string           // id of the default version
	LastVersion       int              // ids count up and are never reused
}

type policyVersion struct {
	ID, Document string
	Created      time.Time
}

// attachment grants a policy to a principal of the account.
type attachment struct {
	PolicyType, PolicyName string        // policy name as the policy spells it
	PrincipalKind          principalKind // what PrincipalID identifies
	PrincipalID            string        // id, so that a rename keeps the grant
	ResourceGroupID        string        // empty: the whole account
	Attached               time.Time
}

type principalKind string

const (
	principalUser  principalKind = "user"
	principalGroup principalKind = "group"
	principalRole  principalKind = "role"
)

const (
	policySystem = "System"
	policyCustom = "Custom"
)

type oidcProvider struct {
	Name, IssuerURL, Description string
	ClientIDs, Fingerprints      []string
	IssuanceLimit                int // hours that a token may be old
	Created, Updated             time.Time
}

// externalApplication is somebody else's application that the account has installed.
type externalApplication struct {
	ID, Name         string
	Scopes           []string
	Created, Updated time.Time
	Assignments      map[string]assignment // by principal id
}

type assignment struct {
	PrincipalKind principalKind // user or role
	PrincipalID   string
	Created       time.Time
}

// keyPair is the public half of an RSA key, which signs for its owner.
type keyPair struct {
	Owner     caller
	PublicKey string // PEM
}

// session is a temporary credential of whoever it acts as.
type session struct {
	Caller        caller
	Secret, Token string // no token: got with a key pair
	Expires       time.Time
}

func newState() *state {
	return &state{
		Accounts:       map[string]*account{},
		Sessions:       map[string]*session{},
		KeyPairs:       map[string]*keyPair{},
		MetadataTokens: map[string]time.Time{},
	}
}

func newAccount(id string) *account {
	return &account{
		ID:            id,
		Users:         map[string]*user{},
		UserBin:       map[string]*user{},
		Groups:        map[string]*group{},
		Roles:         map[string]*role{},
		Policies:      map[string]*policy{},
		MFADevices:    map[string]*mfaDevice{},
		OIDCProviders: map[string]*oidcProvider{},
		Applications:  map[string]*externalApplication{},
		Passwords:     defaultPasswordPolicy(),
		Security:      defaultPreference(),
	}
}

// UnmarshalJSON starts from an empty account: a state file of an earlier version reads
// as one without the objects that version did not know.
func (a *account) UnmarshalJSON(text []byte) error {
	type plain account // without this method
	read := plain(*newAccount(""))
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*a = account(read)
	return nil
}

// clone copies the state through the encoding of the state file, which is complete
// by construction.
func (s *state) clone() *state {
	text, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("emulator state does not encode: %v", err)) // only plain data inside
	}
	copied := newState()
	if err := json.Unmarshal(text, copied); err != nil {
		panic(fmt.Sprintf("emulator state does not decode: %v", err))
	}
	return copied
}

// fold is the form in which names are compared (assumption "name-case").
func fold(name string) string { return strings.ToLower(name) }

func (a *account) userByID(id string) *user {
	for _, u := range a.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (a *account) groupByID(id string) *group {
	for _, g := range a.Groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

func (a *account) roleByID(id string) *role {
	for _, r := range a.Roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// attachmentsOf lists the grants to one principal, oldest first.
func (a *account) attachmentsOf(kind principalKind, id string) []attachment {
	var found []attachment
	for _, at := range a.Attachments {
		if at.PrincipalKind == kind && at.PrincipalID == id {
			found = append(found, at)
		}
	}
	return found
}

// groupsOf lists the groups a user is a member of, by name.
func (a *account) groupsOf(userID string) []*group {
	var found []*group
	for _, g := range inOrder(a.Groups) {
		if g.joined(userID) >= 0 {
			found = append(found, g)
		}
	}
	return found
}

// joined is the index of the user's membership, or -1.
func (g *group) joined(userID string) int {
	return slices.IndexFunc(g.Members, func(m member) bool { return m.UserID == userID })
}

// inOrder lists the objects of a map in the order of its keys.
func inOrder[T any](objects map[string]T) []T {
	listed := make([]T, 0, len(objects))
	for _, key := range sortedKeys(objects) {
		listed = append(listed, objects[key])
	}
	return listed
}

func sortedKeys[T any](objects map[string]T) []string {
	keys := make([]string, 0, len(objects))
	for key := range objects {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
