package ramclient

import (
	"cmp"
	"context"
	"errors"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// AccessKeyStatus says whether a key can sign.
type AccessKeyStatus string

// The states of a key that is not in the recycle bin.
const (
	AccessKeyActive   AccessKeyStatus = "Active"
	AccessKeyInactive AccessKeyStatus = "Inactive"
)

// AccessKey is an access key without its secret.
type AccessKey struct {
	AccessKeyID string `json:"AccessKeyId"`
	Status      AccessKeyStatus
	CreateDate  Time
	// UpdateDate is zero in the answer of CreateAccessKey.
	UpdateDate Time
}

// CreatedAccessKey is a new access key with its secret, which the service shows once.
type CreatedAccessKey struct {
	AccessKey
	AccessKeySecret rpc.Secret
}

type createdAccessKeyAnswer struct{ AccessKey CreatedAccessKey }

func (a *createdAccessKeyAnswer) Check() error {
	return cmp.Or(
		missing("AccessKey.AccessKeyId", a.AccessKey.AccessKeyID),
		missing("AccessKey.AccessKeySecret", a.AccessKey.AccessKeySecret.Reveal()))
}

// CreateAccessKey gives a user a new key (IMS 2019-08-15: CreateAccessKey). A user has
// at most two outside the bin. There is no idempotency token: after an ambiguous answer
// (IsAmbiguous) a key may exist whose secret nobody has. Errors:
// LimitExceeded.User.AccessKey, EntityNotExist.User.
func (c *Client) CreateAccessKey(ctx context.Context, userPrincipalName string) (CreatedAccessKey, error) {
	var out createdAccessKeyAnswer
	err := c.do(ctx, OpCreateAccessKey, userByPrincipalName{userPrincipalName}, &out)
	return out.AccessKey, err
}

// RepeatCreateAccessKey sends a CreateAccessKey that failed with an ambiguous error again,
// in such a way that at most one of the two acts (rpc.Client.Repeat). IsRepeated of its
// error says that the first one had arrived, so that the key, if any, was made by it.
func (c *Client) RepeatCreateAccessKey(ctx context.Context, userPrincipalName string, failed error) (CreatedAccessKey, error) {
	var first *rpc.Error
	if !errors.As(failed, &first) {
		return CreatedAccessKey{}, failed
	}
	var out createdAccessKeyAnswer
	defer c.shared.forget()
	err := c.rpc.Repeat(ctx, first, OpCreateAccessKey, userByPrincipalName{userPrincipalName}, &out)
	return out.AccessKey, err
}

// ListAccessKeys lists the keys of a user, without those in the recycle bin (IMS
// 2019-08-15: ListAccessKeys). Errors: EntityNotExist.User.
func (c *Client) ListAccessKeys(ctx context.Context, userPrincipalName string) ([]AccessKey, error) {
	var out struct {
		AccessKeys struct{ AccessKey []AccessKey }
	}
	err := c.do(ctx, OpListAccessKeys, userByPrincipalName{userPrincipalName}, &out)
	return out.AccessKeys.AccessKey, err
}

// AccessKeyRef names a key and its owner. The owner is always sent: where it is left
// out, the service takes the caller.
type AccessKeyRef struct {
	UserPrincipalName string `param:"UserPrincipalName,required"`
	AccessKeyID       string `param:"UserAccessKeyId,required"`
}

// UpdateAccessKey enables or disables a key (IMS 2019-08-15: UpdateAccessKey). Errors:
// EntityNotExist.User, EntityNotExist.User.AccessKey.
func (c *Client) UpdateAccessKey(ctx context.Context, key AccessKeyRef, status AccessKeyStatus) error {
	return c.do(ctx, OpUpdateAccessKey, struct {
		UserPrincipalName string          `param:"UserPrincipalName,required"`
		AccessKeyID       string          `param:"UserAccessKeyId,required"`
		Status            AccessKeyStatus `param:"Status,required"`
	}{key.UserPrincipalName, key.AccessKeyID, status}, nil)
}

// DeleteAccessKey moves a key to the recycle bin for 30 days (IMS 2019-08-15:
// DeleteAccessKey). The bin holds three keys of a user; a fourth pushes out the oldest
// for good. Disable a key first: whether an active one is accepted is not documented.
// Errors: EntityNotExist.User, EntityNotExist.User.AccessKey.
func (c *Client) DeleteAccessKey(ctx context.Context, key AccessKeyRef) error {
	return c.do(ctx, OpDeleteAccessKey, key, nil)
}

// AccessKeyLastUsed is when and on which service a key was last used. The service
// notes it with a delay of up to two hours.
type AccessKeyLastUsed struct {
	// LastUsedDate is zero if the key was never used.
	LastUsedDate Time
	// ServiceName is the service's word, such as "Ram"; empty or "N/A" if never used.
	ServiceName string
}

// GetAccessKeyLastUsed reads a key's last use (IMS 2019-08-15: GetAccessKeyLastUsed).
// Errors: EntityNotExist.User, EntityNotExist.User.AccessKey.
func (c *Client) GetAccessKeyLastUsed(ctx context.Context, key AccessKeyRef) (AccessKeyLastUsed, error) {
	var out struct{ AccessKeyLastUsed AccessKeyLastUsed }
	err := c.do(ctx, OpGetAccessKeyLastUsed, key, &out)
	return out.AccessKeyLastUsed, err
}
