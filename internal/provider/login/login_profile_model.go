package login

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

type loginProfileModel struct {
	UserName              types.String `tfsdk:"user_name"`
	PasswordWO            types.String `tfsdk:"password_wo"`
	PasswordWOVersion     types.String `tfsdk:"password_wo_version"`
	PasswordResetRequired types.Bool   `tfsdk:"password_reset_required"`
	MFABindRequired       types.Bool   `tfsdk:"mfa_bind_required"`
	Status                types.String `tfsdk:"status"`

	LoginName types.String `tfsdk:"login_name"`
	UserID    types.String `tfsdk:"user_id"`
	AccountID types.String `tfsdk:"account_id"`
}

type loginProfileIdentity struct {
	UserName  types.String `tfsdk:"user_name"`
	AccountID types.String `tfsdk:"account_id"`
}

func (m loginProfileModel) identity() loginProfileIdentity {
	return loginProfileIdentity{m.UserName, m.AccountID}
}

func (m loginProfileModel) label() string { return object(m.UserName.ValueString()) }

func (m loginProfileModel) createInput(principalName string, password rpc.Secret) ramclient.CreateLoginProfileInput {
	return ramclient.CreateLoginProfileInput{
		UserPrincipalName:     principalName,
		Password:              password,
		PasswordResetRequired: m.PasswordResetRequired.ValueBool(),
		MFABindRequired:       m.MFABindRequired.ValueBool(),
		Status:                ramclient.LoginStatus(m.Status.ValueString()),
	}
}

func (m loginProfileModel) updateInput(principalName string, password rpc.Secret) ramclient.UpdateLoginProfileInput {
	return ramclient.UpdateLoginProfileInput{
		UserPrincipalName:     principalName,
		Password:              password,
		PasswordResetRequired: m.PasswordResetRequired.ValueBoolPointer(),
		MFABindRequired:       m.MFABindRequired.ValueBoolPointer(),
		Status:                ramclient.LoginStatus(m.Status.ValueString()),
	}
}

// isAsPlanned says whether the service shows what was planned; the password it never shows.
func (m loginProfileModel) isAsPlanned(login ramclient.LoginProfile) bool {
	return m.PasswordResetRequired.ValueBool() == login.PasswordResetRequired &&
		m.MFABindRequired.ValueBool() == login.MFABindRequired &&
		m.Status.ValueString() == string(login.Status)
}

// fromAPI takes over what the service says.
func (m *loginProfileModel) fromAPI(login ramclient.LoginProfile) {
	m.PasswordResetRequired = types.BoolValue(login.PasswordResetRequired)
	m.MFABindRequired = types.BoolValue(login.MFABindRequired)
	m.Status = types.StringValue(string(login.Status))
	m.LoginName = types.StringValue(login.UserPrincipalName)
}
