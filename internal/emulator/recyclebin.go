package emulator

import (
	"maps"
	"slices"
	"time"
)

// expire drops what has outlived its time: binned users and keys after 30 days, and
// sessions a day after their end (until then their token is "expired", not unknown).
func (e *Emulator) expire(now time.Time) {
	for _, a := range e.state.Accounts {
		for id, u := range a.UserBin {
			if !now.Before(u.Recycled.Add(recycleBinRetention)) {
				delete(a.UserBin, id)
				continue
			}
			u.expireKeys(now)
		}
		for _, u := range a.Users {
			u.expireKeys(now)
		}
	}
	maps.DeleteFunc(e.state.MetadataTokens, func(_ string, end time.Time) bool { return !now.Before(end) })
	e.state.expireLogins(now)
	e.state.expireSSOLogins(now)
	for id, s := range e.state.Sessions {
		if now.Sub(s.Expires) > 24*time.Hour {
			delete(e.state.Sessions, id)
		}
	}
}

func (u *user) expireKeys(now time.Time) {
	u.KeyBin = slices.DeleteFunc(u.KeyBin, func(key *accessKey) bool {
		return !now.Before(key.Recycled.Add(recycleBinRetention))
	})
}

// binKey moves a key to its user's recycle bin; the oldest there makes room.
func (c *call) binKey(u *user, key *accessKey) {
	u.Keys = slices.DeleteFunc(u.Keys, func(k *accessKey) bool { return k == key })
	key.Recycled = c.now
	u.KeyBin = append(u.KeyBin, key)
	if extra := len(u.KeyBin) - maxBinnedKeys; extra > 0 {
		u.KeyBin = slices.Delete(u.KeyBin, 0, extra)
	}
}

// trimUserBin purges the oldest user of a bin that is over its limit.
func (a *account) trimUserBin() {
	for len(a.UserBin) > maxBinnedUsers {
		oldest := ""
		for id, u := range a.UserBin {
			if oldest == "" || u.Recycled.Before(a.UserBin[oldest].Recycled) {
				oldest = id
			}
		}
		delete(a.UserBin, oldest)
	}
}
