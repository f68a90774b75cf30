package emulator

import (
	"slices"
	"time"
)

func groupOperations() []*operation {
	return []*operation{
		define(ims, "CreateGroup", write, groupARNOf[imsCreateGroup], createGroupIMS),
		define(ims, "GetGroup", read, groupARNOf[groupNamed], getGroup),
		define(ims, "UpdateGroup", write, groupARNOf[imsUpdateGroup], updateGroupIMS),
		define(ims, "DeleteGroup", write, groupARNOf[groupNamed], deleteGroup),
		define(ims, "ListGroups", read, allGroups[pageParams], listGroups),
		define(ims, "AddUserToGroup", relate, groupARNOf[imsMembership], addUserIMS),
		define(ims, "RemoveUserFromGroup", relate, groupARNOf[imsMembership], removeUserIMS),
		define(ims, "ListUsersForGroup", read, groupARNOf[membersOf], listUsersForGroup),
		define(ims, "ListGroupsForUser", read, func(c *call, in userPrincipal) string { return in.arn(c) }, listGroupsForUserIMS),

		define(ram, "CreateGroup", write, groupARNOf[ramCreateGroup], createGroupRAM),
		define(ram, "GetGroup", read, groupARNOf[groupNamed], getGroup),
		define(ram, "UpdateGroup", write, groupARNOf[ramUpdateGroup], updateGroupRAM),
		define(ram, "DeleteGroup", write, groupARNOf[groupNamed], deleteGroup),
		define(ram, "ListGroups", read, allGroups[pageParams], listGroups),
		define(ram, "AddUserToGroup", relate, groupARNOf[ramMembership], addUserRAM),
		define(ram, "RemoveUserFromGroup", relate, groupARNOf[ramMembership], removeUserRAM),
		define(ram, "ListUsersForGroup", read, groupARNOf[membersOf], listUsersForGroup),
		define(ram, "ListGroupsForUser", read, func(c *call, in userNamed) string { return in.arn(c) }, listGroupsForUserRAM),
	}
}

func allGroups[In any](c *call, _ In) string { return groupARN(c.account.ID, "*") }

// groupNamed names a group, in both APIs.
type groupNamed struct {
	GroupName string `param:",required"`
}

func (in groupNamed) groupName() string { return in.GroupName }

func groupARNOf[In interface{ groupName() string }](c *call, in In) string {
	return groupARN(c.account.ID, in.groupName())
}

func (in groupNamed) find(c *call) (*group, *apiError) {
	if g := c.account.Groups[fold(in.GroupName)]; g != nil {
		return g, nil
	}
	return nil, errNoGroup(in.GroupName)
}

func errNoGroup(name string) *apiError {
	return notExist("Group", "The group does not exist: %s.", name)
}

// CreateGroup. Only IMS knows display names.

type imsCreateGroup struct {
	groupNamed
	DisplayName string
	Comments    string
}

func createGroupIMS(c *call, in imsCreateGroup) (answer, *apiError) {
	return c.createGroup(group{Name: in.GroupName, DisplayName: in.DisplayName, Comments: in.Comments})
}

type ramCreateGroup struct {
	groupNamed
	Comments string
}

func createGroupRAM(c *call, in ramCreateGroup) (answer, *apiError) {
	return c.createGroup(group{Name: in.GroupName, Comments: in.Comments})
}

func (c *call) createGroup(g group) (answer, *apiError) {
	if refused := first(
		groupNameRule.check("GroupName", g.Name),
		groupDisplayName.check("DisplayName", g.DisplayName),
		commentsRule.check("Comments", g.Comments),
	); refused != nil {
		return nil, refused
	}
	if c.account.Groups[fold(g.Name)] != nil {
		return nil, alreadyExists("Group", "The group already exists: %s.", g.Name)
	}
	if len(c.account.Groups) >= maxGroups {
		return nil, limitExceeded("Group", maxGroups)
	}
	g.ID, g.Created, g.Updated = c.ids.group(), c.now, c.now
	c.account.Groups[fold(g.Name)] = &g
	return answer{"Group": c.groupView(&g)}, nil
}

func (c *call) groupView(g *group) map[string]string {
	view := map[string]string{
		"GroupId": g.ID, "GroupName": g.Name, "Comments": g.Comments,
		"CreateDate": stamp(g.Created), "UpdateDate": stamp(g.Updated),
	}
	if c.op.api == ims {
		view["DisplayName"] = g.DisplayName
	}
	return view
}

func getGroup(c *call, in groupNamed) (answer, *apiError) {
	g, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	return answer{"Group": c.groupView(g)}, nil
}

// UpdateGroup.

type imsUpdateGroup struct {
	groupNamed
	NewGroupName   *string
	NewDisplayName *string
	NewComments    *string
}

func updateGroupIMS(c *call, in imsUpdateGroup) (answer, *apiError) {
	return c.updateGroup(in)
}

type ramUpdateGroup struct {
	groupNamed
	NewGroupName *string
	NewComments  *string
}

func updateGroupRAM(c *call, in ramUpdateGroup) (answer, *apiError) {
	return c.updateGroup(imsUpdateGroup{groupNamed: in.groupNamed, NewGroupName: in.NewGroupName, NewComments: in.NewComments})
}

func (c *call) updateGroup(in imsUpdateGroup) (answer, *apiError) {
	g, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	if refused := first(
		groupNameRule.checkOptional("NewGroupName", in.NewGroupName),
		groupDisplayName.checkOptional("NewDisplayName", in.NewDisplayName),
		commentsRule.checkOptional("NewComments", in.NewComments),
	); refused != nil {
		return nil, refused
	}
	name := valueOr(in.NewGroupName, g.Name)
	if other := c.account.Groups[fold(name)]; other != nil && other != g {
		return nil, alreadyExists("Group", "The group already exists: %s.", name)
	}
	delete(c.account.Groups, fold(g.Name))
	c.account.Groups[fold(name)] = g
	g.Name, g.Updated = name, c.now
	g.DisplayName = valueOr(in.NewDisplayName, g.DisplayName)
	g.Comments = valueOr(in.NewComments, g.Comments)
	return answer{"Group": c.groupView(g)}, nil
}

func deleteGroup(c *call, in groupNamed) (answer, *apiError) {
	g, refused := in.find(c)
	switch {
	case refused != nil:
		return nil, refused
	case len(g.Members) > 0:
		return nil, deleteConflict("Group.User", "The group %s still has users.", g.Name)
	case len(c.account.attachmentsOf(principalGroup, g.ID)) > 0:
		return nil, deleteConflict("Group.Policy", "The group %s still has policies attached.", g.Name)
	}
	delete(c.account.Groups, fold(g.Name))
	return answer{}, nil
}

func listGroups(c *call, in pageParams) (answer, *apiError) {
	return page(c, in, pageSize{100, 100}, c.account.Groups, "Groups", "Group", func(g *group) any { return c.groupView(g) })
}

// Membership.

type imsMembership struct {
	userPrincipal
	groupNamed
}

type ramMembership struct {
	userNamed
	groupNamed
}

func addUserIMS(c *call, in imsMembership) (answer, *apiError) {
	u, noUser := in.userPrincipal.find(c)
	g, noGroup := in.groupNamed.find(c)
	return c.addMember(u, g, first(noUser, noGroup))
}

func addUserRAM(c *call, in ramMembership) (answer, *apiError) {
	u, noUser := in.userNamed.find(c)
	g, noGroup := in.groupNamed.find(c)
	return c.addMember(u, g, first(noUser, noGroup))
}

func (c *call) addMember(u *user, g *group, refused *apiError) (answer, *apiError) {
	switch {
	case refused != nil:
		return nil, refused
	case !c.settled(u.Created):
		return nil, errNoUser(u.Name)
	case !c.settled(g.Created):
		return nil, errNoGroup(g.Name)
	case g.joined(u.ID) >= 0:
		return nil, alreadyExists("User.Group", "The user %s is already in the group %s.", u.Name, g.Name)
	case len(c.account.groupsOf(u.ID)) >= maxGroupsPerUser:
		return nil, limitExceeded("User.Group", maxGroupsPerUser)
	}
	g.Members = append(g.Members, member{u.ID, c.now})
	return answer{}, nil
}

func removeUserIMS(c *call, in imsMembership) (answer, *apiError) {
	u, noUser := in.userPrincipal.find(c)
	g, noGroup := in.groupNamed.find(c)
	return c.removeMember(u, g, first(noUser, noGroup))
}

func removeUserRAM(c *call, in ramMembership) (answer, *apiError) {
	u, noUser := in.userNamed.find(c)
	g, noGroup := in.groupNamed.find(c)
	return c.removeMember(u, g, first(noUser, noGroup))
}

func (c *call) removeMember(u *user, g *group, refused *apiError) (answer, *apiError) {
	if refused != nil {
		return nil, refused
	}
	at := g.joined(u.ID)
	if at < 0 {
		return nil, notExist("User.Group", "The user %s is not in the group %s.", u.Name, g.Name)
	}
	g.Members = slices.Delete(g.Members, at, at+1)
	return answer{}, nil
}

type membersOf struct {
	groupNamed
	pageParams
}

func listUsersForGroup(c *call, in membersOf) (answer, *apiError) {
	g, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	type row struct {
		user   *user
		joined time.Time
	}
	rows := map[string]row{}
	for _, m := range g.Members {
		if u := c.account.userByID(m.UserID); u != nil {
			rows[fold(u.Name)] = row{u, m.Joined}
		}
	}
	size := pageSize{100, 100}
	if c.op.api == ram {
		size.largest = 1000
	}
	return page(c, in.pageParams, size, rows, "Users", "User", func(r row) any {
		view := map[string]string{"DisplayName": r.user.DisplayName, "JoinDate": stamp(r.joined)}
		if c.op.api == ram {
			view["UserName"] = r.user.Name
		} else {
			view["UserId"], view["UserPrincipalName"] = r.user.ID, c.account.upn(r.user.Name)
		}
		return view
	})
}

func listGroupsForUserIMS(c *call, in userPrincipal) (answer, *apiError) {
	return c.groupsFor(in.find(c))
}

func listGroupsForUserRAM(c *call, in userNamed) (answer, *apiError) {
	return c.groupsFor(in.find(c))
}

func (c *call) groupsFor(u *user, refused *apiError) (answer, *apiError) {
	if refused != nil {
		return nil, refused
	}
	return listed("Groups", "Group", c.account.groupsOf(u.ID), func(g *group) any {
		view := c.groupView(g)
		delete(view, "CreateDate")
		delete(view, "UpdateDate")
		view["JoinDate"] = stamp(g.Members[g.joined(u.ID)].Joined)
		return view
	}), nil
}
