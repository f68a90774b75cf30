package accesskey

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/connection"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// statusRecycled is the status of a key in the recycle bin. The service has no such
// word: a key there is in another list.
const statusRecycled = "Recycled"

// errGone says that a key is neither its owner's nor in the recycle bin.
var errGone = errors.New("the AccessKey does not exist any more, not even in the recycle bin")

func isGone(err error) bool { return errors.Is(err, errGone) }

// A sighting is a key as the service shows it.
type sighting struct {
	userName, userID string
	status           string // Active, Inactive or statusRecycled
	createDate       time.Time
}

// reader is how keys are looked for: ramclient.SharedReads, or direct.
type reader interface {
	User(ctx context.Context, in ramclient.GetUserInput) (ramclient.User, error)
	AccessKeys(ctx context.Context, userPrincipalName string) ([]ramclient.AccessKey, error)
	RecycledAccessKeys(ctx context.Context, userID string) ([]ramclient.RecycledAccessKey, error)
}

// direct reads without any cache.
type direct struct{ client *ramclient.Client }

func (d direct) User(ctx context.Context, in ramclient.GetUserInput) (ramclient.User, error) {
	return d.client.GetUser(ctx, in)
}

func (d direct) AccessKeys(ctx context.Context, userPrincipalName string) ([]ramclient.AccessKey, error) {
	return d.client.ListAccessKeys(ctx, userPrincipalName)
}

func (d direct) RecycledAccessKeys(ctx context.Context, userID string) ([]ramclient.RecycledAccessKey, error) {
	return d.client.ListAccessKeysInRecycleBin(ctx, userID)
}

// A finder looks for one key, knowing who owned it.
type finder struct {
	*connection.Connection
	reader
	heldKey
}

// find looks where the key was last, then under the name that its owner bears now,
// then in the recycle bin. A key that is nowhere is errGone. The error code
// EntityNotExist.User alone proves nothing: the owner may have been renamed, or be in
// the recycle bin itself.
func (f finder) find(ctx context.Context) (sighting, error) {
	seen, err := f.live(ctx, f.userName)
	if !isGone(err) {
		return seen, err
	}
	owner, err := f.User(ctx, ramclient.GetUserInput{UserID: f.userID})
	switch {
	case ramclient.IsNotFound(err):
	case err != nil:
		return sighting{}, err
	case !strings.EqualFold(owner.UserName, f.userName):
		if seen, err := f.live(ctx, owner.UserName); !isGone(err) {
			return seen, err
		}
		f.userName = owner.UserName
	}
	return f.recycled(ctx)
}

func (f finder) live(ctx context.Context, userName string) (sighting, error) {
	principalName, err := f.PrincipalName(ctx, userName)
	if err != nil {
		return sighting{}, err
	}
	keys, err := f.AccessKeys(ctx, principalName)
	if err != nil && !ramclient.IsNotFound(err) {
		return sighting{}, err
	}
	for _, key := range keys {
		if key.AccessKeyID == f.accessKeyID {
			return sighting{userName, f.userID, string(key.Status), key.CreateDate.Time}, nil
		}
	}
	return sighting{}, errGone
}

func (f finder) recycled(ctx context.Context) (sighting, error) {
	keys, err := f.RecycledAccessKeys(ctx, f.userID)
	if err != nil && !ramclient.IsNotFound(err) {
		return sighting{}, err
	}
	for _, key := range keys {
		if key.AccessKeyID == f.accessKeyID {
			return sighting{f.userName, f.userID, statusRecycled, key.CreateDate.Time}, nil
		}
	}
	return sighting{}, errGone
}

// isIn says whether the recycle bin holds the key.
func isIn(bin []ramclient.RecycledAccessKey, accessKeyID string) bool {
	return slices.ContainsFunc(bin, func(key ramclient.RecycledAccessKey) bool { return key.AccessKeyID == accessKeyID })
}

// identifyOwner fills in who owns an imported key: the user that the import names, or
// else whoever the service says.
func (f *finder) identifyOwner(ctx context.Context) error {
	if f.userName != "" {
		principalName, err := f.PrincipalName(ctx, f.userName)
		if err != nil {
			return err
		}
		return f.ownedBy(f.User(ctx, ramclient.GetUserInput{UserPrincipalName: principalName}))
	}
	err := f.ownedBy(f.User(ctx, ramclient.GetUserInput{AccessKeyID: f.accessKeyID}))
	if !isGone(err) {
		return err
	}
	key, err := f.Client.GetAccessKeyInfoInRecycleBin(ctx, f.accessKeyID)
	return f.ownedBy(ramclient.User{UserID: key.UserID, UserName: ramclient.UserNameOf(key.UserPrincipalName)}, err)
}

func (f *finder) ownedBy(owner ramclient.User, err error) error {
	if ramclient.IsNotFound(err) {
		return errGone
	}
	f.userID, f.userName = owner.UserID, owner.UserName
	return err
}
