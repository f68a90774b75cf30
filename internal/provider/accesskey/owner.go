package accesskey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// owner tells who the user is.
func (r *keyring) owner(ctx context.Context, userName string) (ramclient.User, error) {
	owner, err := r.UserCalled(ctx, userName)
	if err == nil {
		r.Recent.Saw(connection.Parent{Kind: connection.User, Name: userName})
	}
	return owner, err
}

// missingUser recognises that the user is unknown to the service.
func missingUser(userName string) func(error) (connection.Parent, bool) {
	return func(err error) (connection.Parent, bool) {
		return connection.Parent{Kind: connection.User, Name: userName}, ramclient.Code(err) == "EntityNotExist.User"
	}
}

// changesOwner says whether the user called userName will be another one than the owner
// of the key, and which attribute changes with it: user_name, or replaced if only the
// user behind the name does. A name that is not known yet follows a rename; Update
// confirms that it is one.
func (r *keyring) changesOwner(ctx context.Context, userName types.String, key heldKey, accountID string, replaced path.Path, diags *diag.Diagnostics) (path.Path, bool) {
	if userName.IsUnknown() {
		return path.Path{}, false
	}
	name := userName.ValueString()
	if planned, ok := r.Names.Planned(name); ok {
		switch {
		case planned == key.userID:
			return path.Path{}, false
		case name == key.userName:
			diags.AddWarning(key.String()+" will be replaced", "The user is created anew, and the key goes with the old one.")
			return replaced, true
		}
		return path.Root("user_name"), true
	}
	if name == key.userName || !r.CanCall() {
		return path.Path{}, false
	}
	if _, ok := r.InAccount(ctx, accountID, key.String(), diags); !ok {
		return path.Path{}, false
	}
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		return path.Path{}, false
	}
	owner, err := r.Reads.User(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
	return path.Root("user_name"), err == nil && owner.UserID != key.userID
}

// confirmOwner makes sure that the name is that of the user who owns the key, before
// anything is done in that name.
func (r *keyring) confirmOwner(ctx context.Context, key heldKey, diags *diag.Diagnostics) bool {
	at := path.Root("user_name")
	owner, err := r.owner(ctx, key.userName)
	if err != nil {
		diags.Append(apidiag.AttributeError(at, "find the owner of "+key.String(), err))
		return false
	}
	if owner.UserID != key.userID {
		diags.AddAttributeError(at, "The AccessKey belongs to another user", fmt.Sprintf(
			"%s has the ID %s, but AccessKey %s belongs to the user with the ID %s. A key cannot move to another user. Nothing was changed.\n"+
				"Next step: plan again; the key is then replaced by one of that user.",
			user(key.userName), owner.UserID, key.accessKeyID, key.userID))
		return false
	}
	return true
}
