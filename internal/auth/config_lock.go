package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockWait  = time.Minute
	lockPause = 50 * time.Millisecond
)

// tryLock takes a lock beside the file, not on it: the file itself is replaced while the
// lock is held. The lock file stays, since removing one that another process has opened
// would let two in.
func tryLock(path string) (release func(), held bool, err error) {
	if path, err = followLinks(path); err != nil {
		return nil, false, err
	}
	lock := flock.New(path + ".lock")
	if held, err = lock.TryLock(); err != nil || !held {
		return nil, false, err
	}
	return func() { _ = lock.Unlock() }, true, nil
}

// lockFile waits until this process has the lock of a file. Where none can be taken, as
// in a directory that cannot be written, it goes on without.
func (m Machine) lockFile(ctx context.Context, path string) (release func(), err error) {
	for deadline := m.Clock.Now().Add(lockWait); ; {
		release, held, err := m.TryLock(path)
		switch {
		case err != nil:
			return func() {}, nil //nolint:nilerr // Writing the file will fail too, and says so.
		case held:
			return release, nil
		case !m.Clock.Now().Before(deadline):
			return nil, fmt.Errorf("another process has held the lock %s.lock for %s", path, lockWait)
		}
		if err := m.Clock.Sleep(ctx, lockPause); err != nil {
			return nil, err
		}
	}
}
