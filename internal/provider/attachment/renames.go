package attachment

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// renames are how principals that can be renamed are told apart: by an id.
type renames struct {
	id            string // the attribute, "user_id"
	readOperation rpc.Operation
	optional      []rpc.Operation

	// planned is what this process plans to do with the names.
	planned func(*connection.Connection) *connection.Names
	// bearer asks the service for the id behind a name. A principal made moments ago is
	// waited for. bearerLately is content with an answer of the last minute.
	bearer, bearerLately func(ctx context.Context, c *connection.Connection, name string) (string, error)
	// follow finds the principal of an attachment: by the id in state, so that a rename
	// is followed and a namesake is not mistaken for it; by the name after an import.
	// The zero named says that it is gone.
	follow func(ctx context.Context, c *connection.Connection, id, name string) (named, error)
}

// named is a principal with the name that it has now.
type named struct{ id, name string }

var userRenames = renames{
	id: "user_id", readOperation: ramclient.OpGetUser,
	planned: func(c *connection.Connection) *connection.Names { return c.Names },
	bearer: func(ctx context.Context, c *connection.Connection, name string) (string, error) {
		found, err := c.UserCalled(ctx, name)
		return found.UserID, err
	},
	bearerLately: func(ctx context.Context, c *connection.Connection, name string) (string, error) {
		found, err := c.UserLately(ctx, name)
		return found.UserID, err
	},
	follow: func(ctx context.Context, c *connection.Connection, id, name string) (named, error) {
		found, err := c.FollowUser(ctx, id, name, c.Reads.User)
		return named{found.UserID, found.UserName}, err
	},
}

var groupRenames = renames{
	id: "group_id", readOperation: ramclient.OpGetGroup, optional: []rpc.Operation{ramclient.OpListGroups, ramclient.OpListGroupsForUser},
	planned: func(c *connection.Connection) *connection.Names { return c.GroupNames },
	bearer: func(ctx context.Context, c *connection.Connection, name string) (string, error) {
		found, err := c.GroupCalled(ctx, name)
		return found.GroupID, err
	},
	bearerLately: func(ctx context.Context, c *connection.Connection, name string) (string, error) {
		found, err := c.GroupLately(ctx, name)
		return found.GroupID, err
	},
	follow: func(ctx context.Context, c *connection.Connection, id, name string) (named, error) {
		found, err := c.FindGroup(ctx, id, name, c.Reads.Group)
		return named{found.GroupID, found.GroupName}, err
	},
}
