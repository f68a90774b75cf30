package emulator

import "time"

// key is a live key of the user, or nil.
func (u *user) key(id string) *accessKey {
	for _, key := range u.Keys {
		if key.ID == id {
			return key
		}
	}
	return nil
}

// used notes that a key signed a call. With a lag, a use becomes visible that much
// later, and uses in between are not noted.
func (k *accessKey) used(service string, now time.Time, lag time.Duration) {
	k.settleUse(now, lag)
	if k.NewestUse.IsZero() {
		k.NewestUse, k.NewestService = now, service
	}
	k.settleUse(now, lag)
}

// settleUse makes a use visible whose time has come.
func (k *accessKey) settleUse(now time.Time, lag time.Duration) {
	if !k.NewestUse.IsZero() && !now.Before(k.NewestUse.Add(lag)) {
		k.LastUsed, k.LastService = k.NewestUse, k.NewestService
		k.NewestUse, k.NewestService = time.Time{}, ""
	}
}
