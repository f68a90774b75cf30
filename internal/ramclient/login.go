package ramclient

import "context"

// LoginProfile is a user's console login.
type LoginProfile struct {
	UserPrincipalName string
	// Status is Active or Inactive.
	Status                string
	PasswordResetRequired bool
	MFABindRequired       bool
	PasswordStatus        string
	UpdateDate            Time
	// LastLoginTime is zero if the user never logged in.
	LastLoginTime Time
}

// GetLoginProfile reads a user's console login (IMS 2019-08-15: GetLoginProfile).
// Errors: EntityNotExist.User, EntityNotExist.User.LoginProfile.
func (c *Client) GetLoginProfile(ctx context.Context, userPrincipalName string) (LoginProfile, error) {
	var out struct{ LoginProfile LoginProfile }
	err := c.do(ctx, OpGetLoginProfile, userByPrincipalName{userPrincipalName}, &out)
	return out.LoginProfile, err
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
