package ramclient

import "context"

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

// RemoveUserFromGroup ends a membership (IMS 2019-08-15: RemoveUserFromGroup). Errors:
// EntityNotExist.User, EntityNotExist.Group, EntityNotExist.User.Group.
func (c *Client) RemoveUserFromGroup(ctx context.Context, userPrincipalName, groupName string) error {
	return c.do(ctx, OpRemoveUserFromGroup, struct {
		UserPrincipalName string `param:"UserPrincipalName,required"`
		GroupName         string `param:"GroupName,required"`
	}{userPrincipalName, groupName}, nil)
}
