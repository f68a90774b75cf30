package user

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// createError adds what a namesake in the recycle bin calls for to the usual text.
func (r *userResource) createError(ctx context.Context, name, principalName string, err error) diag.Diagnostic {
	if !ramclient.IsAlreadyExists(err) {
		return apidiag.CreateError(object(name), "ram_user", name, err)
	}
	_, liveErr := r.Client.GetUser(ctx, ramclient.GetUserInput{UserPrincipalName: principalName})
	if !ramclient.IsNotFound(liveErr) {
		return apidiag.CreateError(object(name), "ram_user", name, err)
	}
	for binned, listErr := range r.Client.ListUsersInRecycleBin(ctx, principalName) {
		if listErr != nil {
			break
		}
		return diag.NewErrorDiagnostic("Cannot create "+object(name), fmt.Sprintf(
			"%s\n\nA deleted user of this name (ID %[2]s) is in the recycle bin until %[3]s.\n"+
				"Next step: set restore_if_recycled = true to get it back under its ID, or delete it there for good (aliyun ims DeleteUserInRecycleBin --UserId %[2]s); then apply again.",
			apidiag.Detail(err), binned.UserID, binned.DeleteDate.Format(time.RFC3339)))
	}
	return apidiag.CreateError(object(name), "ram_user", name, err)
}

// deleteError names what keeps the user from being deleted.
func (r *userResource) deleteError(ctx context.Context, accountID string, state userModel, err error) diag.Diagnostic {
	if !ramclient.IsDeleteConflict(err) {
		return apidiag.Error("delete "+state.label(), err)
	}
	lines, listErr := r.whatHangsOn(ctx, accountID, state.UserID.ValueString())
	if listErr != nil || len(lines) == 0 {
		return apidiag.Error("delete "+state.label(), err)
	}
	return diag.NewErrorDiagnostic("Cannot delete "+state.label(),
		apidiag.Detail(err)+"\n\nThis still hangs on the user:\n- "+strings.Join(lines, "\n- "))
}

func purgeError(label, userID string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Cannot purge "+label, fmt.Sprintf(
		"%s\nThe user is deleted, but still in the recycle bin, and in the state.\n"+
			"Next step: apply again to purge it; or leave that to the recycle bin, which does so after 30 days, and let Terraform forget the user (terraform state rm). By hand: aliyun ims DeleteUserInRecycleBin --UserId %s",
		apidiag.Detail(err), userID))
}
