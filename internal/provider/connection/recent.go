package connection

import (
	"context"
	"sync"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/consistency"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// Parent names an object that others hang on: a user, a group, a role, a policy, an
// application (by its id).
type Parent struct{ Kind, Name string }

// The kinds of Parent.
const (
	User        = "user"
	Group       = "group"
	Role        = "role"
	Policy      = "policy"
	Application = "application"
)

// Recent remembers which parents this process has made or seen. Only for those is
// "it does not exist" worth doubting.
type Recent struct {
	clock    clock.Clock
	mu       sync.Mutex
	seen     map[Parent]time.Time
	loosened map[Parent]time.Time
	made     map[string]ramclient.User // by name

	users  *lately[ramclient.User]
	groups *lately[ramclient.Group]
}

func newRecent(c clock.Clock) *Recent {
	return &Recent{
		clock: c, seen: map[Parent]time.Time{}, loosened: map[Parent]time.Time{}, made: map[string]ramclient.User{},
		users: newLately[ramclient.User](c), groups: newLately[ramclient.Group](c),
	}
}

// Saw notes that the parent exists: it was just created, renamed to this name, or read.
func (r *Recent) Saw(parent Parent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[parent] = r.clock.Now()
}

// Made is Saw of a user that this process has just created or given its name. The
// service's answer saves those who hang things on the user from asking who it is.
func (r *Recent) Made(user ramclient.User) {
	r.Saw(Parent{Kind: User, Name: user.UserName})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made[user.UserName] = user
	r.users.forget(user.UserName)
}

// userMade finds the user that Made told of, by its name.
func (r *Recent) userMade(name string) (ramclient.User, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	user, ok := r.made[name]
	return user, ok
}

// Gone notes that the parent was deleted or renamed away.
func (r *Recent) Gone(parent Parent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seen, parent)
	switch parent.Kind {
	case User:
		delete(r.made, parent.Name)
		r.users.forget(parent.Name)
	case Group:
		r.groups.forget(parent.Name)
	}
}

// doubtUntil reports until when a denial of the parent may be lag.
func (r *Recent) doubtUntil(parent Parent) (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.seen[parent]
	return at.Add(consistency.Window), ok
}

// Await repeats send while it fails because a parent is unknown to the service, as
// missing tells from the error, and that parent is so new that this can be lag. A
// parent that this process has neither made nor seen is not waited for.
func (r *Recent) Await(ctx context.Context, send func(context.Context) error, missing func(error) (Parent, bool)) error {
	err := send(ctx)
	parent, isMissing := missing(err)
	if err == nil || !isMissing {
		return err
	}
	deadline, doubtful := r.doubtUntil(parent)
	if !doubtful || !r.clock.Now().Before(deadline) {
		return err
	}
	waitErr := consistency.Until(ctx, r.clock, deadline, func(ctx context.Context) (bool, error) {
		err = send(ctx)
		_, stillMissing := missing(err)
		return err == nil || !stillMissing, nil
	})
	if waitErr != nil {
		return waitErr
	}
	return err
}

// Loosened notes that something was taken off the object: a policy detached, a key
// deleted. The service may refuse to delete the object for a while yet.
func (r *Recent) Loosened(parent Parent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loosened[parent] = r.clock.Now()
}

// AwaitLoose repeats a delete while the service says that something still hangs on the
// object, if this process took something off it so recently that this can be lag.
func (r *Recent) AwaitLoose(ctx context.Context, parent Parent, remove func(context.Context) error) error {
	err := remove(ctx)
	r.mu.Lock()
	at, isLoosened := r.loosened[parent]
	r.mu.Unlock()
	deadline := at.Add(consistency.Window)
	if !ramclient.IsDeleteConflict(err) || !isLoosened || !r.clock.Now().Before(deadline) {
		return err
	}
	waitErr := consistency.Until(ctx, r.clock, deadline, func(ctx context.Context) (bool, error) {
		err = remove(ctx)
		return !ramclient.IsDeleteConflict(err), nil
	})
	if waitErr != nil {
		return waitErr
	}
	return err
}
