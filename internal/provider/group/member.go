package group

import (
	"context"
	"fmt"
	"slices"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// A membership is one user in one group, both by name.
type membership struct{ user, group string }

func (m membership) String() string {
	return fmt.Sprintf("RAM user %q in RAM group %q", m.user, m.group)
}

// join begins the membership. If it was there before, as isThere tells of either of the
// two lists that the service has for it, that is as good.
func (m membership) join(ctx context.Context, c *connection.Connection, isThere func(ctx context.Context, principalName string) (bool, error)) (foreign bool, err error) {
	principalName, err := c.PrincipalName(ctx, m.user)
	if err != nil {
		return false, err
	}
	return consistency.Relation{
		Send: func(ctx context.Context) error {
			return c.Recent.Await(ctx, func(ctx context.Context) error {
				return c.Client.AddUserToGroup(ctx, principalName, m.group)
			}, m.missingParent)
		},
		Present: func(ctx context.Context) (bool, error) { return isThere(ctx, principalName) },
	}.Run(ctx, c.Clock)
}

// leave ends the membership. If it is not there, or user or group are not, that is as good.
func (m membership) leave(ctx context.Context, c *connection.Connection) error {
	principalName, err := c.PrincipalName(ctx, m.user)
	if err != nil {
		return err
	}
	if err := c.Client.RemoveUserFromGroup(ctx, principalName, m.group); err != nil && !ramclient.IsNotFound(err) {
		return err
	}
	c.Recent.Loosened(connection.Parent{Kind: connection.User, Name: m.user})
	c.Recent.Loosened(connection.Parent{Kind: connection.Group, Name: m.group})
	return nil
}

func (m membership) missingParent(err error) (connection.Parent, bool) {
	switch ramclient.Code(err) {
	case "EntityNotExist.User":
		return connection.Parent{Kind: connection.User, Name: m.user}, true
	case "EntityNotExist.Group":
		return connection.Parent{Kind: connection.Group, Name: m.group}, true
	}
	return connection.Parent{}, false
}

// ending is what a plan that ends the membership takes from the user. The id is empty
// if only the name is known.
func (m membership) ending(userID, accountID string) connection.Change {
	return connection.Change{
		What: fmt.Sprintf("remove RAM user %q from RAM group %q", m.user, m.group), AccountID: accountID,
		UserID: userID, UserName: m.user,
	}
}

// mixedWarning says what happens to a group that is managed in both ways.
const mixedWarning = "ram_group_membership manages all members of a group, and ram_user_group_membership adds some. For the same group they undo each other's changes, in turn, with every apply.\n" +
	"Next step: use one of the two for the group."

func holder(groupName string) connection.PolicyHolder {
	return connection.PolicyHolder{Parent: connection.Parent{Kind: connection.Group, Name: groupName}}
}

// without are the names that are not among the others.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}
