package emulator

// caller is who signed a request, as data: it stays valid while the state changes. The
// zero caller is nobody, who may call what needs no signature.
type caller struct {
	AccountID string
	Kind      callerKind
	ID        string // user or role id; the account id for root
	Name      string // user or role name; empty for root
	Session   string // session name of an assumed role
	KeyID     string // empty while it has no key
	Policy    string // scope-down policy of the session, empty: none
	// SourceIdentity of the session.
	SourceIdentity string
}

type callerKind string

const (
	callerRoot callerKind = "root"
	callerUser callerKind = "user"
	callerRole callerKind = "role"
)

// arn is how GetCallerIdentity and the request log spell the caller; empty for nobody.
func (c caller) arn() string {
	switch c.Kind {
	case callerRoot:
		return "acs:ram::" + c.AccountID + ":root"
	case callerUser:
		return userARN(c.AccountID, c.Name)
	case callerRole:
		return "acs:ram::" + c.AccountID + ":assumed-role/" + c.Name + "/" + c.Session
	default:
		return ""
	}
}

func userARN(account, name string) string  { return "acs:ram::" + account + ":user/" + name }
func groupARN(account, name string) string { return "acs:ram::" + account + ":group/" + name }
func roleARN(account, name string) string  { return "acs:ram::" + account + ":role/" + name }

func policyARN(account, policyType, name string) string {
	if policyType == policySystem {
		account = "system"
	}
	return "acs:ram::" + account + ":policy/" + name
}

// credential is the key a request was signed with, permanent or temporary, or a key
// pair.
type credential struct {
	secret string // or public key
	caller caller
	key    *accessKey // nil for a session
	token  string     // of a session
}

// credentialOf finds the owner of a key id among all accounts. Keys in a recycle
// bin, and those of users in the recycle bin, are not found.
func (s *state) credentialOf(keyID string) *credential {
	if found := s.Sessions[keyID]; found != nil {
		return &credential{secret: found.Secret, token: found.Token, caller: found.Caller}
	}
	for _, a := range s.Accounts {
		for _, key := range a.RootKeys {
			if key.ID == keyID {
				return &credential{
					secret: key.Secret, key: key,
					caller: caller{AccountID: a.ID, Kind: callerRoot, ID: a.ID, KeyID: keyID},
				}
			}
		}
		for _, u := range a.Users {
			for _, key := range u.Keys {
				if key.ID == keyID {
					return &credential{
						secret: key.Secret, key: key,
						caller: caller{AccountID: a.ID, Kind: callerUser, ID: u.ID, Name: u.Name, KeyID: keyID},
					}
				}
			}
		}
	}
	return nil
}
