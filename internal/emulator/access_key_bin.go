package emulator

import (
	"slices"
	"time"
)

func accessKeyBinOperations() []*operation {
	return []*operation{
		define(ims, "ListAccessKeysInRecycleBin", read, func(c *call, in userIDParam) string { return in.arn(c) }, listBinnedKeys),
		define(ims, "GetAccessKeyInfoInRecycleBin", read, allUsers[keyParam], getBinnedKey),
		define(ims, "RestoreAccessKeyFromRecycleBin", write, func(c *call, in binnedKeyRef) string { return in.arn(c) }, restoreKey),
		define(ims, "DeleteAccessKeyInRecycleBin", write, func(c *call, in purgeKey) string { return in.arn(c) }, deleteBinnedKey),
	}
}

// userIDParam names a user by id, whether live or in the recycle bin.
type userIDParam struct {
	UserID string `param:"UserId,required"`
}

func (in userIDParam) arn(c *call) string {
	if u, refused := c.anyUser(in.UserID); refused == nil {
		return userARN(c.account.ID, u.Name)
	}
	return userARN(c.account.ID, "*")
}

func (c *call) anyUser(id string) (*user, *apiError) {
	if u := c.account.userByID(id); u != nil {
		return u, nil
	}
	if u := c.account.UserBin[id]; u != nil {
		return u, nil
	}
	return nil, errNoUser(id)
}

func listBinnedKeys(c *call, in userIDParam) (answer, *apiError) {
	u, refused := c.anyUser(in.UserID)
	if refused != nil {
		return nil, refused
	}
	return listed("AccessKeys", "AccessKey", u.KeyBin, func(key *accessKey) any { return binnedKeyView(key) }), nil
}

func binnedKeyView(key *accessKey) map[string]any {
	return map[string]any{
		"AccessKeyId": key.ID, "CreateDate": stamp(key.Created),
		"RecycleDate": stamp(key.Recycled), "DeleteDate": stamp(key.Recycled.Add(recycleBinRetention)),
	}
}

func getBinnedKey(c *call, in keyParam) (answer, *apiError) {
	users := append(inOrder(c.account.Users), inOrder(c.account.UserBin)...)
	for _, u := range users {
		if at := u.binned(in.UserAccessKeyID); at >= 0 {
			view := binnedKeyView(u.KeyBin[at])
			view["UserId"], view["UserPrincipalName"] = u.ID, c.account.upn(u.Name)
			view["UserRecycled"] = !u.Recycled.IsZero()
			return answer{"AccessKey": view}, nil
		}
	}
	return nil, errNoAccessKey(in.UserAccessKeyID)
}

// binned is the index of a key in the user's recycle bin, or -1.
func (u *user) binned(id string) int {
	return slices.IndexFunc(u.KeyBin, func(key *accessKey) bool { return key.ID == id })
}

type binnedKeyRef struct {
	userIDParam
	keyParam
}

// restoreKey gives a key back to its user, disabled (assumption "restored-key").
func restoreKey(c *call, in binnedKeyRef) (answer, *apiError) {
	u := c.account.userByID(in.UserID)
	if u == nil {
		return nil, errNoUser(in.UserID)
	}
	at := u.binned(in.UserAccessKeyID)
	if at < 0 {
		return nil, errNoAccessKey(in.UserAccessKeyID)
	}
	if len(u.Keys) >= maxKeysPerUser {
		return nil, limitExceeded("User.AccessKey", maxKeysPerUser)
	}
	key := u.KeyBin[at]
	u.KeyBin = slices.Delete(u.KeyBin, at, at+1)
	key.Recycled, key.Status, key.Updated = time.Time{}, keyInactive, c.now
	u.Keys = append(u.Keys, key)
	return answer{}, nil
}

// purgeKey names a binned key; a RAM user may leave out itself.
type purgeKey struct {
	UserID string `param:"UserId"`
	keyParam
}

func (in purgeKey) owner(c *call) (*user, *apiError) {
	switch {
	case in.UserID != "":
		return c.anyUser(in.UserID)
	case c.caller.Kind == callerUser:
		return c.anyUser(c.caller.ID)
	default:
		return nil, errMissing("UserId")
	}
}

func (in purgeKey) arn(c *call) string {
	if u, refused := in.owner(c); refused == nil {
		return userARN(c.account.ID, u.Name)
	}
	return userARN(c.account.ID, "*")
}

func deleteBinnedKey(c *call, in purgeKey) (answer, *apiError) {
	u, refused := in.owner(c)
	if refused != nil {
		return nil, refused
	}
	at := u.binned(in.UserAccessKeyID)
	if at < 0 {
		return nil, errNoAccessKey(in.UserAccessKeyID)
	}
	u.KeyBin = slices.Delete(u.KeyBin, at, at+1)
	return answer{}, nil
}
