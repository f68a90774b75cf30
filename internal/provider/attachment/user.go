package attachment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// userID asks the service who bears the name. A user made moments ago is waited for.
func (r *attachmentResource) userID(ctx context.Context, name string) (string, error) {
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		return "", err
	}
	var found ramclient.User
	err = r.Recent.Await(ctx, func(ctx context.Context) error {
		var err error
		found, err = r.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
		return err
	}, func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: connection.User, Name: name}, ramclient.IsNotFound(err)
	})
	return found.UserID, err
}

// followUser finds the user of an attachment: by the ID in state, so that a rename is
// followed and a namesake is not mistaken for it; by the name after an import.
func (r *attachmentResource) followUser(ctx context.Context, state *model) error {
	in := ramclient.GetUserInput{UserID: state.userID.ValueString()}
	if state.userID.IsNull() {
		principalName, err := r.PrincipalName(ctx, state.principal.ValueString())
		if err != nil {
			return err
		}
		in = ramclient.GetUserInput{UserPrincipalName: principalName}
	}
	found, err := r.Reads.User(ctx, in)
	if err != nil {
		return err
	}
	state.userID, state.principal = types.StringValue(found.UserID), types.StringValue(found.UserName)
	return nil
}
