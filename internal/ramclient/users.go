package ramclient

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// User is a RAM user as IMS 2019-08-15 shows it.
type User struct {
	// UserID has 18 digits and stays the same through renames.
	UserID string `json:"UserId"`
	// UserPrincipalName is "<name>@<alias>.onaliyun.com", at most 128 characters; the
	// alias is the account id unless one is set.
	UserPrincipalName string
	// UserName is the part before the @: 1 to 64 of letters, digits, ".", "_", "-".
	UserName string
	// DisplayName has 1 to 24 characters.
	DisplayName string
	// Comments have at most 128 characters. Empty if there are none.
	Comments string
	// Email and MobilePhone ("86-18688888888") are kept on the China site only.
	Email, MobilePhone string
	// Status is "active" or "freeze". Empty except from ListUsers.
	Status string
	// ProvisionType is Manual, SCIM or CloudSSO.
	ProvisionType string
	// Tags are nil in the answer of UpdateUser, which does not speak of them.
	Tags       Tags
	CreateDate Time
	UpdateDate Time
	// LastLoginDate of the console; zero if never.
	LastLoginDate Time
}

type userAnswer struct{ User User }

func (a *userAnswer) Check() error {
	return cmp.Or(
		missing("User.UserId", a.User.UserID),
		missing("User.UserPrincipalName", a.User.UserPrincipalName))
}

// user calls one of the operations that answer with a user.
func (c *Client) user(ctx context.Context, op rpc.Operation, in any) (User, error) {
	var out userAnswer
	err := c.do(ctx, op, in, &out)
	out.User.complete()
	return out.User, err
}

// complete adds the name, which only GetUser spells out.
func (u *User) complete() {
	if u.UserName == "" {
		u.UserName = UserNameOf(u.UserPrincipalName)
	}
}

// CreateUserInput is the input of CreateUser.
type CreateUserInput struct {
	UserPrincipalName string `param:"UserPrincipalName,required"`
	DisplayName       string `param:"DisplayName,required"`
	Comments          string `param:"Comments"`
	Email             string `param:"Email"`
	MobilePhone       string `param:"MobilePhone"`
	// Tags: at most 20; a key has at most 128 characters and does not begin with
	// "acs:" or "aliyun", a value has at most 128.
	Tags Tags `param:"Tag"`
}

// CreateUser creates a user (IMS 2019-08-15: CreateUser). An account has at most 5,000
// unless raised. Errors: EntityAlreadyExists.User, LimitExceeded.User,
// InvalidParameter.{UserName,DisplayName,Email,MobilePhone,Comments}.*.
func (c *Client) CreateUser(ctx context.Context, in CreateUserInput) (User, error) {
	return c.user(ctx, OpCreateUser, in)
}

// GetUserInput names a user in exactly one way.
type GetUserInput struct {
	UserPrincipalName string `param:"UserPrincipalName"`
	UserID            string `param:"UserId"`
	// AccessKeyID finds the owner of an access key.
	AccessKeyID string `param:"UserAccessKeyId"`
}

func (in GetUserInput) check() error {
	if !exactlyOne(in.UserPrincipalName, in.UserID, in.AccessKeyID) {
		return errors.New("GetUser: name the user by exactly one of UserPrincipalName, UserID, AccessKeyID")
	}
	return nil
}

// GetUser reads a user (IMS 2019-08-15: GetUser). Errors: EntityNotExist.User.
func (c *Client) GetUser(ctx context.Context, in GetUserInput) (User, error) {
	if err := in.check(); err != nil {
		return User{}, err
	}
	return c.user(ctx, OpGetUser, in)
}

// UpdateUserInput is the input of UpdateUser. Nil leaves a field as it is; a pointer to
// "" clears it.
type UpdateUserInput struct {
	UserID               string  `param:"UserId,required"`
	NewUserPrincipalName *string `param:"NewUserPrincipalName"`
	NewDisplayName       *string `param:"NewDisplayName"`
	NewComments          *string `param:"NewComments"`
	NewEmail             *string `param:"NewEmail"`
	NewMobilePhone       *string `param:"NewMobilePhone"`
}

// UpdateUser changes or renames a user (IMS 2019-08-15: UpdateUser). Errors:
// EntityNotExist.User, EntityAlreadyExists.User, InvalidParameter.New*.
func (c *Client) UpdateUser(ctx context.Context, in UpdateUserInput) (User, error) {
	return c.user(ctx, OpUpdateUser, in)
}

// DeleteUser moves a user to the recycle bin for 30 days (IMS 2019-08-15: DeleteUser).
// Remove what hangs on the user first; the service may refuse otherwise. Errors:
// EntityNotExist.User, DeleteConflict.User.{AccessKey,Group,Policy,LoginProfile,MFADevice}.
func (c *Client) DeleteUser(ctx context.Context, userID string) error {
	return c.do(ctx, OpDeleteUser, userByID{userID}, nil)
}

// ListUsers lists all users with all their attributes and tags, frozen ones included,
// 1,000 a page (IMS 2019-08-15: ListUsers).
func (c *Client) ListUsers(ctx context.Context) iter.Seq2[User, error] {
	return pages(OpListUsers.Name, func(marker string) (page[User], error) { return c.usersPage(ctx, marker) })
}

func (c *Client) usersPage(ctx context.Context, marker string) (page[User], error) {
	var out struct {
		marked
		Users struct{ User []User }
	}
	err := c.do(ctx, OpListUsers, struct {
		Status   string `param:"Status"`
		Marker   string `param:"Marker"`
		MaxItems int    `param:"MaxItems"`
	}{"active,freeze", marker, 1000}, &out)
	if err != nil {
		return page[User]{}, err
	}
	for i := range out.Users.User {
		out.Users.User[i].complete()
	}
	next, err := out.after(OpListUsers.Name)
	return page[User]{out.Users.User, next}, err
}

type userByID struct {
	UserID string `param:"UserId,required"`
}

type userByPrincipalName struct {
	UserPrincipalName string `param:"UserPrincipalName,required"`
}

func exactlyOne(texts ...string) bool {
	given := 0
	for _, text := range texts {
		if text != "" {
			given++
		}
	}
	return given == 1
}
