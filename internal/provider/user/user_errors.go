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
			"%s\n\nA deleted user of this name (ID %[2]s) is in the recycle bin until %[3]s. Restore it there (aliyun ims RestoreUserFromRecycleBin --UserId %[2]s) and import it:\n\n"+
				"import {\n  to = ram_user.<name of the resource>\n  id = %[2]q\n}\n\nOr delete it there for good (aliyun ims DeleteUserInRecycleBin --UserId %[2]s) and apply again.",
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
		"The user is deleted, but is still in the recycle bin, which will purge it after 30 days. To do it now: aliyun ims DeleteUserInRecycleBin --UserId %s\n%s",
		userID, apidiag.Detail(err)))
}
