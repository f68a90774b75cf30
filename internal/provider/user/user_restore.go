package user

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/apidiag"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// fromBin takes over what the recycle bin says of a user. The rest stays as it was
// last seen.
func (m *userModel) fromBin(binned ramclient.RecycledUser, accountID string) {
	name := ramclient.UserNameOf(binned.UserPrincipalName)
	m.Name = types.StringValue(name)
	m.DisplayName = types.StringValue(binned.DisplayName)
	m.UserID = types.StringValue(binned.UserID)
	m.PrincipalName = types.StringValue(binned.UserPrincipalName)
	m.ARN = types.StringValue(arn(accountID, name))
	m.CreateDate = types.StringValue(binned.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
	if m.TagsAll.IsNull() || m.TagsAll.IsUnknown() {
		m.TagsAll = types.MapValueMust(types.StringType, map[string]attr.Value{})
	}
	m.Recycled = types.BoolValue(true)
}

// planRecycled decides what becomes of a user that is in the recycle bin: it is restored
// in place, or replaced by a new one.
func (r *userResource) planRecycled(plan *userModel, config, state userModel, resp *resource.ModifyPlanResponse) {
	id, name := state.UserID.ValueString(), state.Name.ValueString()
	if plan.RestoreIfRecycled.ValueBool() {
		plan.PrincipalName = types.StringUnknown() // the account's domain may have changed meanwhile
		resp.Diagnostics.AddWarning(object(name)+" will be restored from the recycle bin",
			"Somebody deleted the user. It comes back with its ID "+id+", as restore_if_recycled says. "+whatComesBack)
		return
	}
	resp.RequiresReplace = append(resp.RequiresReplace, path.Root("user_id"))
	plan.UserID, plan.PrincipalName, plan.ARN, plan.CreateDate = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	if config.DisplayName.IsNull() {
		plan.DisplayName = types.StringUnknown()
		if !plan.Name.IsUnknown() {
			plan.DisplayName = types.StringValue(defaultDisplayName(plan.Name.ValueString()))
		}
	}
	if !plan.Name.IsUnknown() {
		r.Names.PlanCreate(plan.Name.ValueString())
	}
	resp.Diagnostics.AddWarning(object(name)+" is in the recycle bin", fmt.Sprintf(
		"Somebody deleted the user with ID %s. It will be replaced by a new one with another ID.\n"+
			"Next step: to get the same user back instead, set restore_if_recycled = true.", id))
}

// whatComesBack is as much as is known of it (RAM help, "Recycle bin of RAM users").
const whatComesBack = "What else comes back with it (AccessKeys, policies, groups, console login) is up to the service; the apply says what it was."

// planRestore says that a new user will be one from the recycle bin.
func (r *userResource) planRestore(ctx context.Context, plan userModel, diags *diag.Diagnostics) {
	if !plan.RestoreIfRecycled.ValueBool() || plan.Name.IsUnknown() || !r.CanCall() {
		return
	}
	if _, ok := r.Begin(ctx, diags); !ok {
		return
	}
	name := plan.Name.ValueString()
	principalName, err := r.PrincipalName(ctx, name)
	if err != nil {
		return // Create says so
	}
	binned, err := r.inBin(ctx, principalName)
	var several *severalInBinError
	switch {
	case errors.As(err, &several):
		diags.AddAttributeError(path.Root("restore_if_recycled"), "Cannot restore "+object(name), several.Error())
	case err == nil && binned.UserID != "":
		diags.AddWarning(object(name)+" will be restored from the recycle bin", fmt.Sprintf(
			"A user of this name, with ID %s, was deleted on %s. It comes back, as restore_if_recycled says, instead of a new one. %s",
			binned.UserID, binned.RecycleDate.Format(time.RFC3339), whatComesBack))
	}
}

// severalInBinError says that a name was deleted more than once. Which of its bearers is
// meant only a person can tell: whoever still has the secrets of one's keys gets them back.
type severalInBinError struct{ users []ramclient.RecycledUser }

func (e *severalInBinError) Error() string {
	var lines strings.Builder
	for _, user := range e.users {
		fmt.Fprintf(&lines, "\n- ID %s, created %s, deleted %s", user.UserID, user.CreateDate.Format(time.RFC3339), user.RecycleDate.Format(time.RFC3339))
	}
	return fmt.Sprintf("The recycle bin holds %d users of this name, and restore_if_recycled does not choose between them:%s\n"+
		"Next step: restore the one that is meant (aliyun ims RestoreUserFromRecycleBin --UserId %[3]s) and import it, "+
		"or delete the others for good (aliyun ims DeleteUserInRecycleBin --UserId …).", len(e.users), lines.String(), e.users[0].UserID)
}

// inBin finds the deleted user of a name; the zero RecycledUser if there is none, a
// *severalInBinError if there are more than one.
func (r *userResource) inBin(ctx context.Context, principalName string) (ramclient.RecycledUser, error) {
	var found []ramclient.RecycledUser
	for user, err := range r.Client.ListUsersInRecycleBin(ctx, principalName) {
		if err != nil {
			return ramclient.RecycledUser{}, err
		}
		found = append(found, user)
	}
	switch len(found) {
	case 0:
		return ramclient.RecycledUser{}, nil
	case 1:
		return found[0], nil
	default:
		return ramclient.RecycledUser{}, &severalInBinError{found}
	}
}

// createFromBin makes the planned user out of a deleted one.
func (r *userResource) createFromBin(ctx context.Context, plan userModel, binned ramclient.RecycledUser, accountID string, to record) {
	if err := r.sendRestore(ctx, binned.UserID); err != nil {
		to.diags.Append(apidiag.AttributeError(path.Root("restore_if_recycled"), "restore "+object(plan.Name.ValueString())+" from the recycle bin", err))
		return
	}
	restored := plan
	restored.Tags, restored.TagsAll = types.MapNull(types.StringType), types.MapNull(types.StringType)
	restored.fromBin(binned, accountID)
	restored.Recycled = types.BoolValue(false)
	to.save(ctx, restored, r.Clock.Now())
	if r.takeBack(ctx, &restored, accountID, to) {
		r.write(ctx, plan, restored, accountID, to)
	}
}

// sendRestore takes the user out of the recycle bin. If the answer is lost, it is enough
// that the service shows the user; if it does not, a second request can do no harm.
func (r *userResource) sendRestore(ctx context.Context, userID string) error {
	err := r.Client.RestoreUserFromRecycleBin(ctx, userID)
	if ramclient.IsAmbiguous(err) {
		if _, liveErr := r.awaitRestored(ctx, userID); liveErr == nil {
			return nil
		}
		err = r.Client.RestoreUserFromRecycleBin(ctx, userID)
	}
	if ramclient.IsNotFound(err) {
		if _, liveErr := r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: userID}); liveErr == nil {
			return errors.New("somebody restored the user since the plan was made. Nothing was changed.\nNext step: plan again")
		}
	}
	return err
}

// awaitRestored reads the user, which the service may not show at once.
func (r *userResource) awaitRestored(ctx context.Context, userID string) (ramclient.User, error) {
	var user ramclient.User
	var err error
	waitErr := consistency.Until(ctx, r.Clock, r.Clock.Now().Add(consistency.Window), func(ctx context.Context) (bool, error) {
		user, err = r.Client.GetUser(ctx, ramclient.GetUserInput{UserID: userID})
		return !ramclient.IsNotFound(err), nil
	})
	if waitErr != nil {
		return user, waitErr
	}
	return user, err
}

// takeBack records what the restored user is like and says what came back with it.
func (r *userResource) takeBack(ctx context.Context, restored *userModel, accountID string, to record) bool {
	user, err := r.awaitRestored(ctx, restored.UserID.ValueString())
	if err != nil {
		to.diags.Append(apidiag.Error("read "+restored.label()+", which was restored from the recycle bin", err))
		return false
	}
	restored.fromAPI(user, accountID)
	restored.Tags, restored.TagsAll = r.Tags.FromServer(user.Tags, restored.Tags)
	to.save(ctx, *restored, r.Clock.Now())
	r.Recent.Made(user)

	summary := restored.label() + " was restored from the recycle bin"
	has, err := r.belongingsOf(ctx, accountID, user)
	lines := r.describe(ctx, user, has)
	switch {
	case err != nil:
		to.diags.Append(apidiag.Warning("list what came back with "+restored.label(), err, "The user was restored from the recycle bin with whatever the service kept of it."))
	case len(lines) == 0:
		to.diags.AddWarning(summary, "It has its ID "+user.UserID+", but no AccessKeys, policies, groups, console login or MFA device.")
	default:
		to.diags.AddWarning(summary, "It has its ID "+user.UserID+", and this came back with it:\n- "+strings.Join(lines, "\n- ")+
			"\nNext step: check that it may have all of that.")
	}
	return true
}
