package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// UserCalled tells who bears a name: the user that this process gave it to, else whom the
// service knows by it now.
func (c *Connection) UserCalled(ctx context.Context, name string) (ramclient.User, error) {
	if made, ok := c.Recent.userMade(name); ok {
		return made, nil
	}
	principalName, err := c.PrincipalName(ctx, name)
	if err != nil {
		return ramclient.User{}, err
	}
	var found ramclient.User
	err = c.Recent.Await(ctx, func(ctx context.Context) error {
		var err error
		found, err = c.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
		return err
	}, func(err error) (Parent, bool) {
		return Parent{Kind: User, Name: name}, ramclient.IsNotFound(err)
	})
	return found, err
}

// UserLately is UserCalled, content with an answer of the last minute.
func (c *Connection) UserLately(ctx context.Context, name string) (ramclient.User, error) {
	return c.Recent.users.get(name, func() (ramclient.User, error) { return c.UserCalled(ctx, name) })
}

// FollowUser finds a user by its id, whatever it is called by now, with get, which is a
// shared read or a direct one. Without an id, as after an import, the name decides. The
// zero User says that there is none.
func (c *Connection) FollowUser(ctx context.Context, userID, lastName string, get func(context.Context, ramclient.GetUserInput) (ramclient.User, error)) (ramclient.User, error) {
	in := ramclient.GetUserInput{UserID: userID}
	if userID == "" {
		principalName, err := c.PrincipalName(ctx, lastName)
		if err != nil {
			return ramclient.User{}, err
		}
		in = ramclient.GetUserInput{UserPrincipalName: principalName}
	}
	found, err := get(ctx, in)
	if ramclient.IsNotFound(err) {
		return ramclient.User{}, nil
	}
	return found, err
}

// IsAnotherUser says, for the plan, whether the planned name is that of another user than
// the one with the id, who was last called current, rather than a new name of the same
// one. False also means that it cannot be told yet; Update has to ask who bears the name.
func (c *Connection) IsAnotherUser(ctx context.Context, planned, current, userID types.String, diags *diag.Diagnostics) bool {
	if planned.IsUnknown() || userID.IsNull() {
		return false
	}
	name := planned.ValueString()
	if id, ok := c.Names.Planned(name); ok {
		return id != userID.ValueString()
	}
	if planned.Equal(current) || !c.CanCall() {
		return false
	}
	if _, ok := c.Begin(ctx, diags); !ok {
		return false
	}
	bearer, err := c.FollowUser(ctx, "", name, c.Reads.User)
	return err != nil || bearer.UserID != userID.ValueString()
}
