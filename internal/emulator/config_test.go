package emulator

import (
	"regexp"
	"testing"
	"time"
)

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]Config{
		"short account":   {Accounts: []string{"123"}},
		"account twice":   {Accounts: []string{"1000000000000001", "1000000000000001"}},
		"throttle status": {ThrottleStatus: 503},
		"page size":       {PageSize: -1},
		"lag":             {Lag: -time.Second},
	} {
		if _, err := New(config); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

func TestRootKeysAreNewAtEachStart(t *testing.T) {
	t.Parallel()
	seen := map[Key]bool{}
	for range 3 {
		e, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, account := range e.Accounts() {
			if !regexp.MustCompile(`^LTAI5tEMU\w{15}$`).MatchString(account.RootKey.ID) || len(account.RootKey.Secret) != 30 {
				t.Errorf("account %s has the odd key id %s or a secret of %d characters", account.ID, account.RootKey.ID, len(account.RootKey.Secret))
			}
			if seen[account.RootKey] {
				t.Errorf("the key %s was there before", account.RootKey.ID)
			}
			seen[account.RootKey] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("got %d keys, want 6: two default accounts, three starts", len(seen))
	}
}
