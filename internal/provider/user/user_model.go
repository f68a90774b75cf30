package user

import (
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type userModel struct {
	Name         types.String `tfsdk:"name"`
	DisplayName  types.String `tfsdk:"display_name"`
	Comments     types.String `tfsdk:"comments"`
	Email        types.String `tfsdk:"email"`
	MobilePhone  types.String `tfsdk:"mobile_phone"`
	Tags         types.Map    `tfsdk:"tags"`
	TagsAll      types.Map    `tfsdk:"tags_all"`
	ForceDestroy types.Bool   `tfsdk:"force_destroy"`
	RequireIdle  types.String `tfsdk:"require_idle"`
	OnDestroy    types.String `tfsdk:"on_destroy"`
	// RestoreIfRecycled is about this user in the recycle bin, and about a namesake there.
	RestoreIfRecycled types.Bool `tfsdk:"restore_if_recycled"`

	UserID        types.String `tfsdk:"user_id"`
	PrincipalName types.String `tfsdk:"principal_name"`
	ARN           types.String `tfsdk:"arn"`
	CreateDate    types.String `tfsdk:"create_date"`
	AccountID     types.String `tfsdk:"account_id"`
	Recycled      types.Bool   `tfsdk:"recycled"`
}

type userIdentity struct {
	UserID    types.String `tfsdk:"user_id"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m userModel) identity() userIdentity {
	return userIdentity{UserID: m.UserID, AccountID: m.AccountID}
}

// destruction is what destroying the user takes from whoever it is.
func (m userModel) destruction() connection.Change {
	return connection.Change{
		What: "destroy " + m.label(), AccountID: m.AccountID.ValueString(),
		UserID: m.UserID.ValueString(), UserName: m.Name.ValueString(),
	}
}

func (m userModel) createInput(principalName string) ramclient.CreateUserInput {
	return ramclient.CreateUserInput{
		UserPrincipalName: principalName,
		DisplayName:       m.DisplayName.ValueString(),
		Comments:          m.Comments.ValueString(),
		Email:             m.Email.ValueString(),
		MobilePhone:       m.MobilePhone.ValueString(),
		Tags:              tagging.Strings(m.TagsAll),
	}
}

// updateInput asks only for what differs from the prior state; ok is false if nothing
// does. A new name is not in it: it takes a call to spell it as the service wants it.
func (m userModel) updateInput(prior userModel) (in ramclient.UpdateUserInput, ok bool) {
	in = ramclient.UpdateUserInput{UserID: prior.UserID.ValueString()}
	change := func(field **string, to, from types.String) {
		if !to.Equal(from) {
			text := to.ValueString() // null clears, as "" does
			*field, ok = &text, true
		}
	}
	change(&in.NewDisplayName, m.DisplayName, prior.DisplayName)
	change(&in.NewComments, m.Comments, prior.Comments)
	change(&in.NewEmail, m.Email, prior.Email)
	change(&in.NewMobilePhone, m.MobilePhone, prior.MobilePhone)
	return in, ok
}

// isAsPlanned says whether the service shows what was planned. Tags are compared only
// if the answer speaks of them.
func (m userModel) isAsPlanned(user ramclient.User) bool {
	return m.Name.ValueString() == user.UserName &&
		m.DisplayName.ValueString() == user.DisplayName &&
		m.Comments.ValueString() == user.Comments &&
		m.Email.ValueString() == user.Email &&
		m.MobilePhone.ValueString() == user.MobilePhone &&
		(user.Tags == nil || maps.Equal(user.Tags, tagging.Strings(m.TagsAll)))
}

// fromAPI takes over what the service says of a live user, except tags.
func (m *userModel) fromAPI(user ramclient.User, accountID string) {
	m.Name = types.StringValue(user.UserName)
	m.DisplayName = types.StringValue(user.DisplayName)
	m.Comments = schemakit.StringOrNull(user.Comments)
	m.Email = schemakit.StringOrNull(user.Email)
	m.MobilePhone = schemakit.StringOrNull(user.MobilePhone)
	m.UserID = types.StringValue(user.UserID)
	m.PrincipalName = types.StringValue(user.UserPrincipalName)
	m.ARN = types.StringValue(arn(accountID, user.UserName))
	m.CreateDate = types.StringValue(user.CreateDate.Format(time.RFC3339))
	m.AccountID = types.StringValue(accountID)
	m.Recycled = types.BoolValue(false)
}

// arn spells the name of a user as policies do (RAM help, "ARN of RAM").
func arn(accountID, userName string) string {
	return "acs:ram::" + accountID + ":user/" + userName
}

// maxDisplayName is the limit of IMS in characters (IMS API, CreateUser). The console
// takes 128, so longer ones exist.
const maxDisplayName = 24

// defaultDisplayName is the name as far as it fits; names are ASCII.
func defaultDisplayName(userName string) string {
	return userName[:min(len(userName), maxDisplayName)]
}
