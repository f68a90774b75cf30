package ramclient

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// LoginStatus says whether a user can log in to the console with a password.
type LoginStatus string

// The states of a login.
const (
	LoginActive   LoginStatus = "Active"
	LoginInactive LoginStatus = "Inactive"
)

// LoginProfile is a user's console login.
type LoginProfile struct {
	UserPrincipalName     string
	Status                LoginStatus
	PasswordResetRequired bool
	MFABindRequired       bool
	// PasswordStatus is NotInitial, InitialValid or InitialExpired.
	PasswordStatus string
	UpdateDate     Time
	// LastLoginTime is zero if the user never logged in; only GetLoginProfile tells it.
	LastLoginTime Time
}

type loginProfileAnswer struct{ LoginProfile LoginProfile }

func (a *loginProfileAnswer) Check() error {
	return missing("LoginProfile.UserPrincipalName", a.LoginProfile.UserPrincipalName)
}

// loginProfile calls one of the operations that answer with a login profile.
func (c *Client) loginProfile(ctx context.Context, op rpc.Operation, in any) (LoginProfile, error) {
	var out loginProfileAnswer
	err := c.do(ctx, op, in, &out)
	return out.LoginProfile, err
}

// CreateLoginProfileInput is the input of CreateLoginProfile.
type CreateLoginProfileInput struct {
	UserPrincipalName string `param:"UserPrincipalName,required"`
	// Password has to meet the account's password policy. Empty sets none.
	Password              rpc.Secret `param:"Password"`
	PasswordResetRequired bool       `param:"PasswordResetRequired"`
	MFABindRequired       bool       `param:"MFABindRequired"`
	// Status is Active if left out.
	Status LoginStatus `param:"Status"`
}

// CreateLoginProfile lets a user log in to the console (IMS 2019-08-15:
// CreateLoginProfile). Errors: EntityNotExist.User,
// EntityAlreadyExists.User.LoginProfile, InvalidParameter.Password.TooWeak.
func (c *Client) CreateLoginProfile(ctx context.Context, in CreateLoginProfileInput) (LoginProfile, error) {
	return c.loginProfile(ctx, OpCreateLoginProfile, in)
}

// GetLoginProfile reads a user's console login (IMS 2019-08-15: GetLoginProfile).
// Errors: EntityNotExist.User, EntityNotExist.User.LoginProfile.
func (c *Client) GetLoginProfile(ctx context.Context, userPrincipalName string) (LoginProfile, error) {
	return c.loginProfile(ctx, OpGetLoginProfile, userByPrincipalName{userPrincipalName})
}

// UpdateLoginProfileInput is the input of UpdateLoginProfile. What is nil or empty is not
// sent; it is not documented that the service then keeps it, so send all but the password.
type UpdateLoginProfileInput struct {
	UserPrincipalName     string      `param:"UserPrincipalName,required"`
	Password              rpc.Secret  `param:"Password"`
	PasswordResetRequired *bool       `param:"PasswordResetRequired"`
	MFABindRequired       *bool       `param:"MFABindRequired"`
	Status                LoginStatus `param:"Status"`
}

// UpdateLoginProfile changes a user's console login (IMS 2019-08-15:
// UpdateLoginProfile). Errors: EntityNotExist.User, EntityNotExist.User.LoginProfile,
// InvalidParameter.Password.TooWeak.
func (c *Client) UpdateLoginProfile(ctx context.Context, in UpdateLoginProfileInput) (LoginProfile, error) {
	return c.loginProfile(ctx, OpUpdateLoginProfile, in)
}

// DeleteLoginProfile takes a user's console login away (IMS 2019-08-15:
// DeleteLoginProfile). Errors: EntityNotExist.User, EntityNotExist.User.LoginProfile.
func (c *Client) DeleteLoginProfile(ctx context.Context, userPrincipalName string) error {
	return c.do(ctx, OpDeleteLoginProfile, userByPrincipalName{userPrincipalName}, nil)
}

// MFAInfo says with what a user proves a login a second time.
type MFAInfo struct {
	IsMFAEnable bool
	// MFADevice is empty if none is bound.
	MFADevice MFADevice
}

// MFADevice is the device that a user has bound.
type MFADevice struct {
	SerialNumber string
	// Type is VMFA (an app) or U2F (a token).
	Type string
}

// GetUserMFAInfo reads a user's MFA device (IMS 2019-08-15: GetUserMFAInfo). Errors:
// EntityNotExist.User, and EntityNotExist.User.MFADevice if there is none.
func (c *Client) GetUserMFAInfo(ctx context.Context, userPrincipalName string) (MFAInfo, error) {
	var out MFAInfo
	err := c.do(ctx, OpGetUserMFAInfo, userByPrincipalName{userPrincipalName}, &out)
	return out, err
}

// UnbindMFADevice parts a user and its MFA device (IMS 2019-08-15: UnbindMFADevice).
// Errors: EntityNotExist.User, EntityNotExist.User.MFADevice.
func (c *Client) UnbindMFADevice(ctx context.Context, userPrincipalName string) error {
	return c.do(ctx, OpUnbindMFADevice, userByPrincipalName{userPrincipalName}, nil)
}
