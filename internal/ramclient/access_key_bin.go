package ramclient

import (
	"cmp"
	"context"
)

// RecycledAccessKey is an access key in the recycle bin, which keeps a user's latest
// three for 30 days. A key in the bin cannot sign.
type RecycledAccessKey struct {
	AccessKeyID string `json:"AccessKeyId"`
	CreateDate  Time
	// RecycleDate is when the key was deleted, DeleteDate when the bin will purge it.
	RecycleDate, DeleteDate Time
}

// RecycledAccessKeyInfo is a key in the bin together with its owner.
type RecycledAccessKeyInfo struct {
	RecycledAccessKey
	UserID            string `json:"UserId"`
	UserPrincipalName string
	// UserRecycled is true if the owner is in the recycle bin as well.
	UserRecycled bool
}

// RecycledAccessKeyRef names a key in the bin. The bin knows its owners by their ids,
// not by their principal names.
type RecycledAccessKeyRef struct {
	UserID      string `param:"UserId,required"`
	AccessKeyID string `param:"UserAccessKeyId,required"`
}

// ListAccessKeysInRecycleBin lists a user's keys in the bin (IMS 2019-08-15:
// ListAccessKeysInRecycleBin).
func (c *Client) ListAccessKeysInRecycleBin(ctx context.Context, userID string) ([]RecycledAccessKey, error) {
	var out struct {
		AccessKeys struct{ AccessKey []RecycledAccessKey }
	}
	err := c.do(ctx, OpListAccessKeysInRecycleBin, userByID{userID}, &out)
	return out.AccessKeys.AccessKey, err
}

type recycledAccessKeyAnswer struct{ AccessKey RecycledAccessKeyInfo }

func (a *recycledAccessKeyAnswer) Check() error {
	return cmp.Or(
		missing("AccessKey.AccessKeyId", a.AccessKey.AccessKeyID),
		missing("AccessKey.UserId", a.AccessKey.UserID))
}

// GetAccessKeyInfoInRecycleBin reads a key in the bin and finds its owner (IMS
// 2019-08-15: GetAccessKeyInfoInRecycleBin). The code for a key that is not in the bin
// is not documented; EntityNotExist.* is expected.
func (c *Client) GetAccessKeyInfoInRecycleBin(ctx context.Context, accessKeyID string) (RecycledAccessKeyInfo, error) {
	var out recycledAccessKeyAnswer
	err := c.do(ctx, OpGetAccessKeyInfoInRecycleBin, struct {
		AccessKeyID string `param:"UserAccessKeyId,required"`
	}{accessKeyID}, &out)
	return out.AccessKey, err
}

// RestoreAccessKeyFromRecycleBin takes a key out of the bin (IMS 2019-08-15:
// RestoreAccessKeyFromRecycleBin). It needs a free slot; its status afterwards is not
// documented, so read it. Errors: LimitExceeded.User.AccessKey is expected.
func (c *Client) RestoreAccessKeyFromRecycleBin(ctx context.Context, key RecycledAccessKeyRef) error {
	return c.do(ctx, OpRestoreAccessKeyFromRecycleBin, key, nil)
}

// DeleteAccessKeyInRecycleBin purges a key for good (IMS 2019-08-15:
// DeleteAccessKeyInRecycleBin).
func (c *Client) DeleteAccessKeyInRecycleBin(ctx context.Context, key RecycledAccessKeyRef) error {
	return c.do(ctx, OpDeleteAccessKeyInRecycleBin, key, nil)
}
