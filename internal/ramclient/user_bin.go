package ramclient

import (
	"context"
	"errors"
	"iter"
)

// RecycledUser is a user in the recycle bin. The bin keeps a user for 30 days, and at
// most 1,000 of an account.
type RecycledUser struct {
	UserID            string `json:"UserId"`
	UserPrincipalName string
	DisplayName       string
	CreateDate        Time
	// RecycleDate is when the user was deleted, DeleteDate when the bin will purge it.
	RecycleDate, DeleteDate Time
}

// ListUsersInRecycleBin lists the deleted users, 100 a page, all of them or those of
// one principal name if it is not empty (IMS 2019-08-15: ListUsersInRecycleBin). A
// name can have been deleted more than once.
func (c *Client) ListUsersInRecycleBin(ctx context.Context, userPrincipalName string) iter.Seq2[RecycledUser, error] {
	filter := ""
	if userPrincipalName != "" {
		filter = "UserPrincipalName eq " + userPrincipalName
	}
	return pages(OpListUsersInRecycleBin.Name, func(marker string) (page[RecycledUser], error) {
		var out struct {
			marked
			Users struct{ User []RecycledUser }
		}
		err := c.do(ctx, OpListUsersInRecycleBin, struct {
			Filter   string `param:"Filter"`
			Marker   string `param:"Marker"`
			MaxItems int    `param:"MaxItems"`
		}{filter, marker, 100}, &out)
		if err != nil {
			return page[RecycledUser]{}, err
		}
		next, err := out.after(OpListUsersInRecycleBin.Name)
		return page[RecycledUser]{out.Users.User, next}, err
	})
}

// GetRecycledUserInput names a deleted user in exactly one way.
type GetRecycledUserInput struct {
	UserID string `param:"UserId"`
	// AccessKeyID finds the owner of an access key that went into the bin with it.
	AccessKeyID string `param:"UserAccessKeyId"`
}

type recycledUserAnswer struct{ User RecycledUser }

func (a *recycledUserAnswer) Check() error { return missing("User.UserId", a.User.UserID) }

// GetUserInRecycleBin reads a deleted user (IMS 2019-08-15: GetUserInRecycleBin). The
// code for a user that is not in the bin is not documented; EntityNotExist.* is expected.
func (c *Client) GetUserInRecycleBin(ctx context.Context, in GetRecycledUserInput) (RecycledUser, error) {
	if !exactlyOne(in.UserID, in.AccessKeyID) {
		return RecycledUser{}, errors.New("GetUserInRecycleBin: name the user by exactly one of UserID, AccessKeyID")
	}
	var out recycledUserAnswer
	err := c.do(ctx, OpGetUserInRecycleBin, in, &out)
	return out.User, err
}

// RestoreUserFromRecycleBin brings a deleted user back under its old id (IMS
// 2019-08-15: RestoreUserFromRecycleBin). It is not documented whether policies, groups
// and the status of keys come back; read them.
func (c *Client) RestoreUserFromRecycleBin(ctx context.Context, userID string) error {
	return c.do(ctx, OpRestoreUserFromRecycleBin, userByID{userID}, nil)
}

// DeleteUserInRecycleBin purges a deleted user and its keys for good (IMS 2019-08-15:
// DeleteUserInRecycleBin).
func (c *Client) DeleteUserInRecycleBin(ctx context.Context, userID string) error {
	return c.do(ctx, OpDeleteUserInRecycleBin, userByID{userID}, nil)
}
