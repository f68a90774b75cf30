package connection

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// GroupCalled asks the service who bears a name now. A group that this run made moments
// ago is waited for.
func (c *Connection) GroupCalled(ctx context.Context, name string) (ramclient.Group, error) {
	var found ramclient.Group
	err := c.Recent.Await(ctx, func(ctx context.Context) error {
		var err error
		found, err = c.Client.GetGroup(ctx, name)
		return err
	}, func(err error) (Parent, bool) {
		return Parent{Kind: Group, Name: name}, ramclient.IsNotFound(err)
	})
	return found, err
}

// GroupLately is GroupCalled, content with an answer of the last minute.
func (c *Connection) GroupLately(ctx context.Context, name string) (ramclient.Group, error) {
	return c.Recent.groups.get(name, func() (ramclient.Group, error) { return c.GroupCalled(ctx, name) })
}

// FindGroup finds a group by its id. The service knows groups by name only (IMS API,
// GetGroup), so get asks for the name that the group had last; if nobody bears it any
// more, or another group does, all groups are listed. Without an id, as after an import,
// the name decides. The zero Group says that there is none. A caller who may not list
// groups finds none that was renamed elsewhere.
func (c *Connection) FindGroup(ctx context.Context, groupID, lastName string, get func(context.Context, string) (ramclient.Group, error)) (ramclient.Group, error) {
	found, err := get(ctx, lastName)
	switch {
	case err != nil && !ramclient.IsNotFound(err):
		return ramclient.Group{}, err
	case err == nil && (groupID == "" || groupID == found.GroupID):
		return found, nil
	case groupID == "":
		return ramclient.Group{}, nil
	}
	for group, err := range c.Client.ListGroups(ctx) {
		switch {
		case ramclient.IsNoPermission(err):
			return ramclient.Group{}, nil
		case err != nil:
			return ramclient.Group{}, err
		case group.GroupID == groupID:
			return group, nil
		}
	}
	return ramclient.Group{}, nil
}
