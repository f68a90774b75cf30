package ramclient

import (
	"cmp"
	"context"
	"iter"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Group is a group of users as IMS 2019-08-15 shows it.
type Group struct {
	// GroupID stays the same through renames.
	GroupID string `json:"GroupId"`
	// GroupName has 1 to 64 of letters, digits, ".", "_", "-".
	GroupName string
	// DisplayName has at most 24 characters, Comments at most 128. Empty if there are none.
	DisplayName, Comments  string
	CreateDate, UpdateDate Time
}

type groupAnswer struct{ Group Group }

func (a *groupAnswer) Check() error {
	return cmp.Or(
		missing("Group.GroupId", a.Group.GroupID),
		missing("Group.GroupName", a.Group.GroupName))
}

// group calls one of the operations that answer with a group.
func (c *Client) group(ctx context.Context, op rpc.Operation, in any) (Group, error) {
	var out groupAnswer
	err := c.do(ctx, op, in, &out)
	return out.Group, err
}

// CreateGroupInput is the input of CreateGroup.
type CreateGroupInput struct {
	GroupName   string `param:"GroupName,required"`
	DisplayName string `param:"DisplayName"`
	Comments    string `param:"Comments"`
}

// CreateGroup creates a group (IMS 2019-08-15: CreateGroup). An account has at most 300
// unless raised. Errors: EntityAlreadyExists.Group, LimitExceeded.Group,
// InvalidParameter.{GroupName,DisplayName,Comments}.*.
func (c *Client) CreateGroup(ctx context.Context, in CreateGroupInput) (Group, error) {
	return c.group(ctx, OpCreateGroup, in)
}

// GetGroup reads a group (IMS 2019-08-15: GetGroup). Errors: EntityNotExist.Group.
func (c *Client) GetGroup(ctx context.Context, groupName string) (Group, error) {
	return c.group(ctx, OpGetGroup, groupByName{groupName})
}

// UpdateGroupInput is the input of UpdateGroup. Nil leaves a field as it is; a pointer
// to "" clears it.
type UpdateGroupInput struct {
	GroupName      string  `param:"GroupName,required"`
	NewGroupName   *string `param:"NewGroupName"`
	NewDisplayName *string `param:"NewDisplayName"`
	NewComments    *string `param:"NewComments"`
}

// UpdateGroup changes or renames a group (IMS 2019-08-15: UpdateGroup). Errors:
// EntityNotExist.Group, EntityAlreadyExists.Group, InvalidParameter.New*.
func (c *Client) UpdateGroup(ctx context.Context, in UpdateGroupInput) (Group, error) {
	return c.group(ctx, OpUpdateGroup, in)
}

// DeleteGroup deletes a group that has neither members nor policies (IMS 2019-08-15:
// DeleteGroup). Errors: EntityNotExist.Group, DeleteConflict.Group.{User,Policy}.
func (c *Client) DeleteGroup(ctx context.Context, groupName string) error {
	return c.do(ctx, OpDeleteGroup, groupByName{groupName}, nil)
}

// ListGroups lists all groups with all their attributes, 100 a page (IMS 2019-08-15:
// ListGroups).
func (c *Client) ListGroups(ctx context.Context) iter.Seq2[Group, error] {
	return pages(OpListGroups.Name, func(marker string) (page[Group], error) { return c.groupsPage(ctx, marker) })
}

func (c *Client) groupsPage(ctx context.Context, marker string) (page[Group], error) {
	var out struct {
		marked
		Groups struct{ Group []Group }
	}
	err := c.do(ctx, OpListGroups, struct {
		Marker   string `param:"Marker"`
		MaxItems int    `param:"MaxItems"`
	}{marker, 100}, &out)
	if err != nil {
		return page[Group]{}, err
	}
	next, err := out.after(OpListGroups.Name)
	return page[Group]{out.Groups.Group, next}, err
}

// GroupMember is a user from the point of view of one of its groups.
type GroupMember struct {
	UserID            string `json:"UserId"`
	UserPrincipalName string
	DisplayName       string
	// JoinDate is when the user became a member.
	JoinDate Time
}

// ListUsersForGroup lists the members of a group, 100 a page (IMS 2019-08-15:
// ListUsersForGroup). Errors: EntityNotExist.Group.
func (c *Client) ListUsersForGroup(ctx context.Context, groupName string) iter.Seq2[GroupMember, error] {
	return pages(OpListUsersForGroup.Name, func(marker string) (page[GroupMember], error) {
		var out struct {
			marked
			Users struct{ User []GroupMember }
		}
		err := c.do(ctx, OpListUsersForGroup, struct {
			GroupName string `param:"GroupName,required"`
			Marker    string `param:"Marker"`
			MaxItems  int    `param:"MaxItems"`
		}{groupName, marker, 100}, &out)
		if err != nil {
			return page[GroupMember]{}, err
		}
		next, err := out.after(OpListUsersForGroup.Name)
		return page[GroupMember]{out.Users.User, next}, err
	})
}

// UserGroup is a group from the point of view of one of its members.
type UserGroup struct {
	GroupID     string `json:"GroupId"`
	GroupName   string
	DisplayName string
	Comments    string
	// JoinDate is when the user became a member.
	JoinDate Time
}

// ListGroupsForUser lists the groups of a user, ten at most unless raised (IMS
// 2019-08-15: ListGroupsForUser). Errors: EntityNotExist.User.
func (c *Client) ListGroupsForUser(ctx context.Context, userPrincipalName string) ([]UserGroup, error) {
	var out struct{ Groups struct{ Group []UserGroup } }
	err := c.do(ctx, OpListGroupsForUser, userByPrincipalName{userPrincipalName}, &out)
	return out.Groups.Group, err
}

// AddUserToGroup begins a membership (IMS 2019-08-15: AddUserToGroup). A list may not
// show it at once. Errors: EntityNotExist.User, EntityNotExist.Group,
// EntityAlreadyExists.User.Group, LimitExceeded.User.Group.
func (c *Client) AddUserToGroup(ctx context.Context, userPrincipalName, groupName string) error {
	return c.do(ctx, OpAddUserToGroup, membership{userPrincipalName, groupName}, nil)
}

// RemoveUserFromGroup ends a membership (IMS 2019-08-15: RemoveUserFromGroup). Errors:
// EntityNotExist.User, EntityNotExist.Group, EntityNotExist.User.Group.
func (c *Client) RemoveUserFromGroup(ctx context.Context, userPrincipalName, groupName string) error {
	return c.do(ctx, OpRemoveUserFromGroup, membership{userPrincipalName, groupName}, nil)
}

type membership struct {
	UserPrincipalName string `param:"UserPrincipalName,required"`
	GroupName         string `param:"GroupName,required"`
}

type groupByName struct {
	GroupName string `param:"GroupName,required"`
}
