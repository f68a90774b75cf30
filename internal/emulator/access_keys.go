package emulator

import (
	"slices"
	"time"
)

func accessKeyOperations() []*operation {
	return []*operation{
		define(ims, "CreateAccessKey", write, keyOwnerARN[imsKeyOwner], createAccessKey),
		define(ims, "ListAccessKeys", read, keyOwnerARN[imsKeyOwner], listAccessKeys),
		define(ims, "UpdateAccessKey", write, keyOwnerARN[imsUpdateKey], updateAccessKeyIMS),
		define(ims, "DeleteAccessKey", write, keyOwnerARN[imsKey], deleteAccessKeyIMS),
		define(ims, "GetAccessKeyLastUsed", read, keyOwnerARN[imsKey], lastUsedIMS),

		define(ram, "CreateAccessKey", write, keyOwnerARN[ramKeyOwner], createAccessKey),
		define(ram, "ListAccessKeys", read, keyOwnerARN[ramKeyOwner], listAccessKeys),
		define(ram, "UpdateAccessKey", write, keyOwnerARN[ramUpdateKey], updateAccessKeyRAM),
		define(ram, "DeleteAccessKey", write, keyOwnerARN[ramKey], deleteAccessKeyRAM),
		define(ram, "GetAccessKeyLastUsed", read, keyOwnerARN[ramKey], lastUsedRAM),
	}
}

// keyOwner is whose keys a call is about: a user, or the root of the account.
type keyOwner struct {
	user *user // nil: root
	keys *[]*accessKey
}

// keyOwnerRef is an input that says whose keys it is about; saying nothing means
// the caller's own.
type keyOwnerRef interface {
	owner(c *call) (keyOwner, *apiError)
}

type imsKeyOwner struct{ UserPrincipalName string }

func (in imsKeyOwner) owner(c *call) (keyOwner, *apiError) {
	if in.UserPrincipalName == "" {
		return c.self("UserPrincipalName")
	}
	return ownedBy(c.userPrincipal(in.UserPrincipalName))
}

type ramKeyOwner struct{ UserName string }

func (in ramKeyOwner) owner(c *call) (keyOwner, *apiError) {
	if in.UserName == "" {
		return c.self("UserName")
	}
	return ownedBy(c.userNamed(in.UserName))
}

func ownedBy(u *user, refused *apiError) (keyOwner, *apiError) {
	if refused != nil {
		return keyOwner{}, refused
	}
	return keyOwner{u, &u.Keys}, nil
}

// self is the caller as owner; a role has no keys, so it must name somebody.
func (c *call) self(parameter string) (keyOwner, *apiError) {
	switch c.caller.Kind {
	case callerRoot:
		return keyOwner{nil, &c.account.RootKeys}, nil
	case callerUser:
		if u := c.account.userByID(c.caller.ID); u != nil {
			return keyOwner{u, &u.Keys}, nil
		}
		return keyOwner{}, errNoUser(c.caller.Name)
	default:
		return keyOwner{}, errMissing(parameter)
	}
}

// keyOwnerARN is the user whose keys are touched; the account's own keys, and those
// of users that do not exist, fall to whoever may act on all users.
func keyOwnerARN[In keyOwnerRef](c *call, in In) string {
	owner, refused := in.owner(c)
	if refused != nil || owner.user == nil {
		return userARN(c.account.ID, "*")
	}
	return userARN(c.account.ID, owner.user.Name)
}

func newAccessKey(ids *ids, now time.Time) *accessKey {
	return &accessKey{ID: ids.accessKey(), Secret: ids.secret(), Status: keyActive, Created: now, Updated: now}
}

// createAccessKey is the only answer that ever shows the secret.
func createAccessKey[In keyOwnerRef](c *call, in In) (answer, *apiError) {
	owner, refused := in.owner(c)
	if refused != nil {
		return nil, refused
	}
	switch {
	case owner.user == nil && len(*owner.keys) >= maxRootKeys:
		return nil, limitExceeded("Account.AccessKey", maxRootKeys)
	case owner.user == nil:
	case !c.settled(owner.user.Created):
		return nil, errNoUser(owner.user.Name)
	case len(*owner.keys) >= maxKeysPerUser:
		return nil, limitExceeded("User.AccessKey", maxKeysPerUser)
	}
	key := newAccessKey(c.ids, c.now)
	*owner.keys = append(*owner.keys, key)
	return answer{"AccessKey": map[string]string{
		"AccessKeyId": key.ID, "AccessKeySecret": key.Secret, "Status": key.Status, "CreateDate": stamp(key.Created),
	}}, nil
}

func listAccessKeys[In keyOwnerRef](c *call, in In) (answer, *apiError) {
	owner, refused := in.owner(c)
	if refused != nil {
		return nil, refused
	}
	return listed("AccessKeys", "AccessKey", *owner.keys, func(key *accessKey) any {
		view := map[string]string{"AccessKeyId": key.ID, "Status": key.Status, "CreateDate": stamp(key.Created)}
		if c.op.api == ims {
			view["UpdateDate"] = stamp(key.Updated)
		}
		return view
	}), nil
}

// keyParam names one key of an owner.
type keyParam struct {
	UserAccessKeyID string `param:"UserAccessKeyId,required"`
}

func (in keyParam) of(owner keyOwner, refused *apiError) (keyOwner, *accessKey, *apiError) {
	if refused != nil {
		return keyOwner{}, nil, refused
	}
	for _, key := range *owner.keys {
		if key.ID == in.UserAccessKeyID {
			return owner, key, nil
		}
	}
	return keyOwner{}, nil, errNoAccessKey(in.UserAccessKeyID)
}

func errNoAccessKey(id string) *apiError {
	return notExist("User.AccessKey", "The AccessKey does not exist: %s.", id)
}

type imsKey struct {
	imsKeyOwner
	keyParam
}

type ramKey struct {
	ramKeyOwner
	keyParam
}

// UpdateAccessKey switches a key on or off.

type statusParam struct {
	Status string `param:",required"`
}

type imsUpdateKey struct {
	imsKey
	statusParam
}

func updateAccessKeyIMS(c *call, in imsUpdateKey) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	return c.updateKey(key, refused, in.Status)
}

type ramUpdateKey struct {
	ramKey
	statusParam
}

func updateAccessKeyRAM(c *call, in ramUpdateKey) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	return c.updateKey(key, refused, in.Status)
}

func (c *call) updateKey(key *accessKey, refused *apiError, status string) (answer, *apiError) {
	if refused != nil {
		return nil, refused
	}
	if refused := checkStatus(status); refused != nil {
		return nil, refused
	}
	key.Status, key.Updated = status, c.now
	return answer{}, nil
}

func checkStatus(status string) *apiError {
	if status != keyActive && status != keyInactive {
		return invalidParameter("Status", "Status must be Active or Inactive.")
	}
	return nil
}

// DeleteAccessKey moves a user's key to the recycle bin; a root key is gone at once.

func deleteAccessKeyIMS(c *call, in imsKey) (answer, *apiError) {
	owner, key, refused := in.of(in.owner(c))
	if refused == nil && c.config.StrictIMSDeleteAccessKey && key.Status == keyActive {
		refused = deleteConflict("User.AccessKey.Active", "The AccessKey %s is active; disable it first.", key.ID)
	}
	return c.deleteKey(owner, key, refused)
}

func deleteAccessKeyRAM(c *call, in ramKey) (answer, *apiError) {
	return c.deleteKey(in.of(in.owner(c)))
}

func (c *call) deleteKey(owner keyOwner, key *accessKey, refused *apiError) (answer, *apiError) {
	if refused != nil {
		return nil, refused
	}
	if owner.user == nil {
		*owner.keys = slices.DeleteFunc(*owner.keys, func(k *accessKey) bool { return k == key })
		return answer{}, nil
	}
	c.binKey(owner.user, key)
	return answer{}, nil
}

// GetAccessKeyLastUsed.

func lastUsedIMS(c *call, in imsKey) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	if refused != nil {
		return nil, refused
	}
	at, service := key.visibleUse(c.now, c.config.LastUsedLag)
	return answer{"AccessKeyLastUsed": map[string]string{"LastUsedDate": stamp(at), "ServiceName": service}}, nil
}

func lastUsedRAM(c *call, in ramKey) (answer, *apiError) {
	_, key, refused := in.of(in.owner(c))
	if refused != nil {
		return nil, refused
	}
	at, _ := key.visibleUse(c.now, c.config.LastUsedLag)
	return answer{"AccessKeyLastUsed": map[string]string{"LastUsedDate": stamp(at)}}, nil
}

// used notes that a key signed a call. A use becomes visible once it is as old as
// the lag; until then, later uses are not noted, so that some use always matures.
func (k *accessKey) used(service string, now time.Time, lag time.Duration) {
	k.LastUsed, k.LastService = k.visibleUse(now, lag)
	if k.LastUsed.Equal(k.NewestUse) {
		k.NewestUse, k.NewestService = now, service
	}
}

// visibleUse is the newest use that may be told, and the service it was with.
func (k *accessKey) visibleUse(now time.Time, lag time.Duration) (time.Time, string) {
	if now.Sub(k.NewestUse) >= lag {
		return k.NewestUse, k.NewestService
	}
	return k.LastUsed, k.LastService
}

// key is a live key of the user, or nil.
func (u *user) key(id string) *accessKey {
	for _, key := range u.Keys {
		if key.ID == id {
			return key
		}
	}
	return nil
}
