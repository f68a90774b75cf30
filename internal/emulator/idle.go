package emulator

import "time"

// retireIdle disables what was not used for as many days as the account allows, with
// the first call of each day ("IMS API: SetSecurityPreference": on the next day). The
// state file may miss it: whoever continues from there finds the same.
func (e *Emulator) retireIdle(now time.Time) {
	today := now.UTC().Truncate(24 * time.Hour)
	if !today.After(e.idleChecked) {
		return
	}
	e.idleChecked = today
	changed := false
	for _, a := range e.state.Accounts {
		for _, u := range a.Users {
			if u.retireKeys(today.Add(-days(a.Security.MaxIdleDaysForAccessKeys)), today) {
				changed = true
			}
			if u.retireLogin(today.Add(-days(a.Security.MaxIdleDaysForUsers)), today) {
				changed = true
			}
		}
	}
	if changed {
		e.remember(now)
	}
}

// retireKeys disables the keys without a use or change since a time.
func (u *user) retireKeys(since, today time.Time) (changed bool) {
	for _, key := range u.Keys {
		if key.Status == keyActive && !key.Updated.After(since) && !key.NewestUse.After(since) {
			key.Status, key.Updated, changed = keyInactive, today, true
		}
	}
	return changed
}

// retireLogin disables a login profile without a login or change since a time.
func (u *user) retireLogin(since, today time.Time) bool {
	if u.Login == nil || u.Login.Status != keyActive || u.Login.Updated.After(since) || u.LastLogin.After(since) {
		return false
	}
	u.Login.Status, u.Login.Updated = keyInactive, today
	return true
}
