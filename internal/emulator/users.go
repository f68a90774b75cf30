package emulator

import (
	"slices"
	"strings"
	"time"
)

func userOperations() []*operation {
	return []*operation{
		define(ims, "CreateUser", write, func(c *call, in imsCreateUser) string {
			name, _ := c.account.userName(in.UserPrincipalName)
			return userARN(c.account.ID, name)
		}, createUserIMS),
		define(ims, "GetUser", read, func(c *call, in imsGetUser) string { return in.arn(c) }, getUserIMS),
		define(ims, "UpdateUser", write, func(c *call, in imsUpdateUser) string { return in.arn(c) }, updateUserIMS),
		define(ims, "DeleteUser", write, func(c *call, in userRef) string { return in.arn(c) }, deleteUserIMS),
		define(ims, "ListUsers", read, allUsers[imsListUsers], listUsersIMS),
		define(ims, "ListUserBasicInfos", read, allUsers[imsListUsers], listUserBasicInfos),

		define(ram, "CreateUser", write, func(c *call, in ramCreateUser) string {
			return userARN(c.account.ID, in.UserName)
		}, createUserRAM),
		define(ram, "GetUser", read, func(c *call, in userNamed) string { return in.arn(c) }, getUserRAM),
		define(ram, "UpdateUser", write, func(c *call, in ramUpdateUser) string { return in.arn(c) }, updateUserRAM),
		define(ram, "DeleteUser", write, func(c *call, in userNamed) string { return in.arn(c) }, deleteUserRAM),
		define(ram, "ListUsers", read, allUsers[pageParams], listUsersRAM),
	}
}

func allUsers[In any](c *call, _ In) string { return userARN(c.account.ID, "*") }

// userNamed names a user the way RAM does.
type userNamed struct {
	UserName string `param:",required"`
}

func (in userNamed) arn(c *call) string { return userARN(c.account.ID, in.UserName) }

func (in userNamed) find(c *call) (*user, *apiError) { return c.userNamed(in.UserName) }

// userPrincipal names a user the way most of IMS does.
type userPrincipal struct {
	UserPrincipalName string `param:",required"`
}

func (in userPrincipal) arn(c *call) string {
	name, _ := c.account.userName(in.UserPrincipalName)
	return userARN(c.account.ID, name)
}

func (in userPrincipal) find(c *call) (*user, *apiError) {
	return c.userPrincipal(in.UserPrincipalName)
}

// userRef names a user by principal name or id, by exactly one of them.
type userRef struct {
	UserPrincipalName string
	UserID            string `param:"UserId"`
}

func (in userRef) arn(c *call) string {
	if u, refused := in.find(c); refused == nil {
		return userARN(c.account.ID, u.Name)
	}
	name, _ := c.account.userName(in.UserPrincipalName)
	return userARN(c.account.ID, name)
}

func (in userRef) find(c *call) (*user, *apiError) {
	switch {
	case in.UserPrincipalName == "" && in.UserID == "":
		return nil, errMissing("UserPrincipalName")
	case in.UserPrincipalName != "" && in.UserID != "":
		return nil, invalidParameter("UserId", "Give UserPrincipalName or UserId, not both.")
	case in.UserID != "":
		if u := c.account.userByID(in.UserID); u != nil {
			return u, nil
		}
		return nil, errNoUser(in.UserID)
	default:
		return c.userPrincipal(in.UserPrincipalName)
	}
}

func errNoUser(who string) *apiError { return notExist("User", "The user does not exist: %s.", who) }

func (c *call) userNamed(name string) (*user, *apiError) {
	if u := c.account.Users[fold(name)]; u != nil {
		return u, nil
	}
	return nil, errNoUser(name)
}

func (c *call) userPrincipal(upn string) (*user, *apiError) {
	if name, ours := c.account.userName(upn); ours {
		if u := c.account.Users[fold(name)]; u != nil {
			return u, nil
		}
	}
	return nil, errNoUser(upn)
}

// CreateUser.

type imsCreateUser struct {
	UserPrincipalName string `param:",required"`
	DisplayName       string `param:",required"`
	Comments          string
	Email             string
	MobilePhone       string
	Tags              []tagParam `param:"Tag"`
}

func createUserIMS(c *call, in imsCreateUser) (answer, *apiError) {
	name, ours := c.account.userName(in.UserPrincipalName)
	if !ours {
		return nil, invalidParameter("UserPrincipalName.Format", "The domain of %s is not %s.", in.UserPrincipalName, c.account.domain())
	}
	tags, refused := newTags(nil, in.Tags, maxTagValueLengthUser)
	if refused := first(displayNameIMS.check("DisplayName", in.DisplayName), refused); refused != nil {
		return nil, refused
	}
	u, refused := c.createUser(user{
		Name: name, DisplayName: in.DisplayName, Comments: in.Comments, Email: in.Email, MobilePhone: in.MobilePhone, Tags: tags,
	})
	if refused != nil {
		return nil, refused
	}
	return answer{"User": c.userIMS(u).withTags(u)}, nil
}

type ramCreateUser struct {
	UserName    string `param:",required"`
	DisplayName string
	Comments    string
	Email       string
	MobilePhone string
}

func createUserRAM(c *call, in ramCreateUser) (answer, *apiError) {
	displayName := in.DisplayName
	if displayName == "" {
		displayName = in.UserName
	}
	if refused := displayNameRAM.check("DisplayName", displayName); refused != nil {
		return nil, refused
	}
	u, refused := c.createUser(user{
		Name: in.UserName, DisplayName: displayName, Comments: in.Comments, Email: in.Email, MobilePhone: in.MobilePhone,
	})
	if refused != nil {
		return nil, refused
	}
	view := userRAM(u)
	delete(view, "UpdateDate")
	return answer{"User": view}, nil
}

func (c *call) createUser(u user) (*user, *apiError) {
	if refused := first(
		userNameRule.check("UserName", u.Name),
		commentsRule.check("Comments", u.Comments),
		checkContact("Email", u.Email, "MobilePhone", u.MobilePhone),
	); refused != nil {
		return nil, refused
	}
	if c.account.Users[fold(u.Name)] != nil {
		return nil, alreadyExists("User", "The user already exists: %s.", u.Name)
	}
	if len(c.account.Users) >= maxUsers {
		return nil, limitExceeded("User", maxUsers)
	}
	u.ID, u.Status, u.Created, u.Updated = c.ids.user(), userActive, c.now, c.now
	c.account.Users[fold(u.Name)] = &u
	return &u, nil
}

// GetUser.

type imsGetUser struct {
	userRef
	UserAccessKeyID string `param:"UserAccessKeyId"`
}

func (in imsGetUser) arn(c *call) string {
	if u, refused := in.find(c); refused == nil {
		return userARN(c.account.ID, u.Name)
	}
	return in.userRef.arn(c)
}

func (in imsGetUser) find(c *call) (*user, *apiError) {
	if in.UserAccessKeyID == "" {
		return in.userRef.find(c)
	}
	if in.UserPrincipalName != "" || in.UserID != "" {
		return nil, invalidParameter("UserAccessKeyId", "Give one of UserPrincipalName, UserId and UserAccessKeyId.")
	}
	for _, u := range c.account.Users {
		if u.key(in.UserAccessKeyID) != nil {
			return u, nil
		}
	}
	return nil, errNoUser(in.UserAccessKeyID)
}

func getUserIMS(c *call, in imsGetUser) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	view := c.userIMS(u).withTags(u)
	view["UserName"] = u.Name
	return answer{"User": view}, nil
}

func getUserRAM(c *call, in userNamed) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	view := userRAM(u)
	view["LastLoginDate"] = stamp(u.LastLogin)
	return answer{"User": view}, nil
}

// UpdateUser.

// userChanges are the fields to change; nil leaves one as it is, empty clears it.
type userChanges struct {
	NewDisplayName *string
	NewComments    *string
	NewEmail       *string
	NewMobilePhone *string
}

type imsUpdateUser struct {
	userRef
	NewUserPrincipalName *string
	userChanges
}

func updateUserIMS(c *call, in imsUpdateUser) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	name := u.Name
	if in.NewUserPrincipalName != nil {
		var ours bool
		if name, ours = c.account.userName(*in.NewUserPrincipalName); !ours {
			return nil, invalidParameter("NewUserPrincipalName.Format",
				"The domain of %s is not %s.", *in.NewUserPrincipalName, c.account.domain())
		}
	}
	if refused := c.updateUser(u, name, in.userChanges, displayNameIMS); refused != nil {
		return nil, refused
	}
	return answer{"User": c.userIMS(u)}, nil
}

type ramUpdateUser struct {
	userNamed
	NewUserName *string
	userChanges
}

func updateUserRAM(c *call, in ramUpdateUser) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	name := u.Name
	if in.NewUserName != nil {
		name = *in.NewUserName
	}
	if refused := c.updateUser(u, name, in.userChanges, displayNameRAM); refused != nil {
		return nil, refused
	}
	return answer{"User": userRAM(u)}, nil
}

func (c *call) updateUser(u *user, name string, change userChanges, displayName nameRule) *apiError {
	email, phone := valueOr(change.NewEmail, u.Email), valueOr(change.NewMobilePhone, u.MobilePhone)
	if refused := first(
		userNameRule.check("NewUserName", name),
		displayName.checkOptional("NewDisplayName", change.NewDisplayName),
		commentsRule.checkOptional("NewComments", change.NewComments),
		checkContact("NewEmail", email, "NewMobilePhone", phone),
	); refused != nil {
		return refused
	}
	if other := c.account.Users[fold(name)]; other != nil && other != u {
		return alreadyExists("User", "The user already exists: %s.", name)
	}
	delete(c.account.Users, fold(u.Name))
	c.account.Users[fold(name)] = u
	u.Name, u.Email, u.MobilePhone, u.Updated = name, email, phone, c.now
	u.DisplayName = valueOr(change.NewDisplayName, u.DisplayName)
	u.Comments = valueOr(change.NewComments, u.Comments)
	return nil
}

func valueOr(value *string, otherwise string) string {
	if value == nil {
		return otherwise
	}
	return *value
}

// DeleteUser moves the user to the recycle bin.

func deleteUserRAM(c *call, in userNamed) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{}, c.deleteUser(u, true)
}

func deleteUserIMS(c *call, in userRef) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{}, c.deleteUser(u, !c.config.LenientIMSDeleteUser)
}

func (c *call) deleteUser(u *user, strict bool) *apiError {
	if strict {
		if refused := c.userInUse(u); refused != nil {
			return refused
		}
	}
	c.release(u)
	delete(c.account.Users, fold(u.Name))
	u.Recycled = c.now
	c.account.UserBin[u.ID] = u
	c.account.trimUserBin()
	return nil
}

// userInUse names the first thing that keeps a user from being deleted.
func (c *call) userInUse(u *user) *apiError {
	switch {
	case len(u.Keys) > 0:
		return deleteConflict("User.AccessKey", "The user %s still has AccessKeys.", u.Name)
	case len(c.account.groupsOf(u.ID)) > 0:
		return deleteConflict("User.Group", "The user %s is still in a group.", u.Name)
	case len(c.account.attachmentsOf(principalUser, u.ID)) > 0:
		return deleteConflict("User.Policy", "The user %s still has policies attached.", u.Name)
	case u.Login != nil:
		return deleteConflict("User.LoginProfile", "The user %s still has a login profile.", u.Name)
	case c.account.deviceOf(u.ID) != nil:
		return deleteConflict("User.MFADevice", "The user %s still has an MFA device.", u.Name)
	default:
		return nil
	}
}

// release takes the user out of groups and off policies and devices, which a lenient
// deletion does by itself, and off applications. Keys go with the user, disabled.
func (c *call) release(u *user) {
	c.account.unassign(u.ID)
	for _, g := range c.account.groupsOf(u.ID) {
		g.Members = slices.Delete(g.Members, g.joined(u.ID), g.joined(u.ID)+1)
	}
	c.account.Attachments = slices.DeleteFunc(c.account.Attachments, func(at attachment) bool {
		return at.PrincipalKind == principalUser && at.PrincipalID == u.ID
	})
	if device := c.account.deviceOf(u.ID); device != nil {
		device.UserID, device.Activated = "", time.Time{}
	}
	for len(u.Keys) > 0 {
		c.binKey(u, u.Keys[0])
	}
	u.Login = nil
}

// ListUsers.

type imsListUsers struct {
	pageParams
	Status string
	Tags   []tagParam `param:"Tag"`
}

// chosen is the users a list is about: the active ones unless Status says more, and
// those of both states if a tag is asked for.
func (in imsListUsers) chosen(c *call) (map[string]*user, *apiError) {
	states := []string{userActive}
	if in.Status != "" {
		states = strings.Split(in.Status, ",")
	}
	for _, state := range states {
		if state != userActive && state != userFrozen {
			return nil, invalidParameter("Status", "Status must be active, freeze, or both joined by a comma.")
		}
	}
	if len(in.Tags) > maxTags {
		return nil, invalidParameter("Tag", "At most %d tags can be asked for.", maxTags)
	}
	if len(in.Tags) > 0 {
		states = []string{userActive, userFrozen}
	}
	chosen := map[string]*user{}
	for key, u := range c.account.Users {
		if slices.Contains(states, u.Status) && hasTags(u.Tags, in.Tags) {
			chosen[key] = u
		}
	}
	return chosen, nil
}

func listUsersIMS(c *call, in imsListUsers) (answer, *apiError) {
	chosen, refused := in.chosen(c)
	if refused != nil {
		return nil, refused
	}
	return page(c, in.pageParams, pageSize{1000, 1000}, chosen, "Users", "User", func(u *user) any {
		view := c.userIMS(u).withTags(u)
		view["Status"] = u.Status
		return view
	})
}

func listUserBasicInfos(c *call, in imsListUsers) (answer, *apiError) {
	if in.Status != "" && len(in.Tags) > 0 {
		return nil, invalidParameter("Status", "Status and Tag exclude each other.")
	}
	chosen, refused := in.chosen(c)
	if refused != nil {
		return nil, refused
	}
	return page(c, in.pageParams, pageSize{100, 1000}, chosen, "UserBasicInfos", "UserBasicInfo", func(u *user) any {
		return userView{
			"UserId": u.ID, "UserPrincipalName": c.account.upn(u.Name), "DisplayName": u.DisplayName, "Status": u.Status,
		}
	})
}

func listUsersRAM(c *call, in pageParams) (answer, *apiError) {
	return page(c, in, pageSize{100, 1000}, c.account.Users, "Users", "User", func(u *user) any { return userRAM(u) })
}

// userView is a user as answers show it.
type userView map[string]any

func (c *call) userIMS(u *user) userView {
	return userView{
		"UserId": u.ID, "UserPrincipalName": c.account.upn(u.Name), "DisplayName": u.DisplayName,
		"Comments": u.Comments, "Email": u.Email, "MobilePhone": u.MobilePhone,
		"CreateDate": stamp(u.Created), "UpdateDate": stamp(u.Updated), "LastLoginDate": stamp(u.LastLogin),
		"ProvisionType": "Manual",
	}
}

func (v userView) withTags(u *user) userView {
	v["Tags"] = viewTags(u.Tags)
	return v
}

func userRAM(u *user) userView {
	return userView{
		"UserId": u.ID, "UserName": u.Name, "DisplayName": u.DisplayName,
		"Comments": u.Comments, "Email": u.Email, "MobilePhone": u.MobilePhone,
		"CreateDate": stamp(u.Created), "UpdateDate": stamp(u.Updated),
	}
}
