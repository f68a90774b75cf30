package emulator

import (
	"strings"
	"time"
)

func userBinOperations() []*operation {
	return []*operation{
		define(ims, "ListUsersInRecycleBin", read, allUsers[listUserBin], listBinnedUsers),
		define(ims, "GetUserInRecycleBin", read, allUsers[getUserBin], getBinnedUser),
		define(ims, "RestoreUserFromRecycleBin", write, func(c *call, in userIDParam) string { return in.arn(c) }, restoreUser),
		define(ims, "DeleteUserInRecycleBin", write, func(c *call, in userIDParam) string { return in.arn(c) }, deleteBinnedUser),
	}
}

type listUserBin struct {
	pageParams
	Filter string // UserPrincipalName eq <upn>
}

func listBinnedUsers(c *call, in listUserBin) (answer, *apiError) {
	chosen := c.account.UserBin
	if in.Filter != "" {
		wanted, ok := strings.CutPrefix(in.Filter, "UserPrincipalName eq ")
		if !ok {
			return nil, invalidParameter("Filter", "Filter must be: UserPrincipalName eq <name>.")
		}
		chosen = map[string]*user{}
		for id, u := range c.account.UserBin {
			if name, ours := c.account.userName(wanted); ours && fold(name) == fold(u.Name) {
				chosen[id] = u
			}
		}
	}
	return page(c, in.pageParams, pageSize{100, 100}, chosen, "Users", "User", func(u *user) any { return c.binnedUser(u) })
}

func (c *call) binnedUser(u *user) userView {
	return userView{
		"UserId": u.ID, "UserPrincipalName": c.account.upn(u.Name), "DisplayName": u.DisplayName,
		"CreateDate": stamp(u.Created), "RecycleDate": stamp(u.Recycled), "DeleteDate": stamp(u.Recycled.Add(recycleBinRetention)),
	}
}

type getUserBin struct {
	UserID          string `param:"UserId"`
	UserAccessKeyID string `param:"UserAccessKeyId"`
}

func getBinnedUser(c *call, in getUserBin) (answer, *apiError) {
	if (in.UserID == "") == (in.UserAccessKeyID == "") {
		return nil, invalidParameter("UserId", "Give either UserId or UserAccessKeyId.")
	}
	for id, u := range c.account.UserBin {
		if id == in.UserID || in.UserAccessKeyID != "" && u.binned(in.UserAccessKeyID) >= 0 {
			return answer{"User": c.binnedUser(u)}, nil
		}
	}
	return nil, errNoUser(in.UserID + in.UserAccessKeyID)
}

// restoreUser gives the user back under its old name, without groups and policies;
// its keys stay in their own bin (assumption "restored-user").
func restoreUser(c *call, in userIDParam) (answer, *apiError) {
	u := c.account.UserBin[in.UserID]
	switch {
	case u == nil:
		return nil, errNoUser(in.UserID)
	case c.account.Users[fold(u.Name)] != nil:
		return nil, alreadyExists("User", "The user already exists: %s.", u.Name)
	case len(c.account.Users) >= maxUsers:
		return nil, limitExceeded("User", maxUsers)
	}
	delete(c.account.UserBin, u.ID)
	u.Recycled, u.Updated = time.Time{}, c.now
	c.account.Users[fold(u.Name)] = u
	return answer{}, nil
}

// deleteBinnedUser is final, for the user's binned keys too.
func deleteBinnedUser(c *call, in userIDParam) (answer, *apiError) {
	if c.account.UserBin[in.UserID] == nil {
		return nil, errNoUser(in.UserID)
	}
	delete(c.account.UserBin, in.UserID)
	return answer{}, nil
}
