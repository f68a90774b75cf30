package emulator

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// newKey makes a key of the user bot and returns a client that signs with it.
func (s *service) newKey() client {
	s.t.Helper()
	made := s.root.must(ram, "CreateAccessKey", params{"UserName": "bot"})
	return s.as(Key{made.at("AccessKey.AccessKeyId"), made.at("AccessKey.AccessKeySecret")})
}

func TestAccessKeyLife(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "bot"}).at("User.UserId")
	byName := params{"UserPrincipalName": upn(s, "bot")}
	made := s.root.must(ims, "CreateAccessKey", byName)
	key := made.at("AccessKey.AccessKeyId")
	if made.at("AccessKey.Status") != "Active" || len(made.at("AccessKey.AccessKeySecret")) != 30 || len(key) != 24 {
		t.Errorf("got the key %v", made.Body["AccessKey"])
	}
	second := s.newKey()
	s.root.refused(ims, "CreateAccessKey", byName, 409, "LimitExceeded.User.AccessKey")
	s.root.refused(ram, "CreateAccessKey", params{"UserName": "nobody"}, 404, "EntityNotExist.User")

	keyOf := func(extra params) params {
		p := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": key}
		maps.Copy(p, extra)
		return p
	}
	s.clock.Advance(time.Minute)
	s.root.must(ims, "UpdateAccessKey", keyOf(params{"Status": "Inactive"}))
	s.root.refused(ims, "UpdateAccessKey", keyOf(params{"Status": "Gone"}), 400, "InvalidParameter.Status")
	listed := s.root.must(ims, "ListAccessKeys", byName)
	want := []any{
		map[string]any{"AccessKeyId": key, "Status": "Inactive", "CreateDate": "2026-01-02T03:04:05Z", "UpdateDate": "2026-01-02T03:05:05Z"},
		map[string]any{"AccessKeyId": second.key.ID, "Status": "Active", "CreateDate": "2026-01-02T03:04:05Z", "UpdateDate": "2026-01-02T03:04:05Z"},
	}
	if diff := cmp.Diff(want, listed.Body["AccessKeys"].(map[string]any)["AccessKey"]); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if text := body(t, s.root.newRequest(ram, "ListAccessKeys", params{"UserName": "bot"})); strings.Contains(text, "UpdateDate") || strings.Contains(text, second.key.Secret) {
		t.Errorf("RAM ListAccessKeys shows too much: %s", text)
	}

	s.root.must(ims, "DeleteAccessKey", keyOf(nil))
	s.root.refused(ims, "DeleteAccessKey", keyOf(nil), 404, "EntityNotExist.User.AccessKey")
	binned := s.root.must(ims, "ListAccessKeysInRecycleBin", params{"UserId": id})
	wantBinned := []any{map[string]any{
		"AccessKeyId": key, "CreateDate": "2026-01-02T03:04:05Z", "RecycleDate": "2026-01-02T03:05:05Z", "DeleteDate": "2026-02-01T03:05:05Z",
	}}
	if diff := cmp.Diff(wantBinned, binned.Body["AccessKeys"].(map[string]any)["AccessKey"]); diff != "" {
		t.Errorf("keys in the bin (-want +got):\n%s", diff)
	}

	inBin := params{"UserId": id, "UserAccessKeyId": key}
	third := s.newKey()
	s.root.refused(ims, "RestoreAccessKeyFromRecycleBin", inBin, 409, "LimitExceeded.User.AccessKey")
	s.root.must(ram, "DeleteAccessKey", params{"UserName": "bot", "UserAccessKeyId": third.key.ID}) // Active
	s.root.must(ims, "RestoreAccessKeyFromRecycleBin", inBin)
	if got := s.root.must(ims, "ListAccessKeys", byName).each("AccessKeys.AccessKey", "Status"); !cmp.Equal(got, []string{"Active", "Inactive"}) {
		t.Errorf("after the restore the keys are %v, want the restored one Inactive", got)
	}
	s.root.refused(ims, "DeleteAccessKeyInRecycleBin", params{"UserAccessKeyId": third.key.ID}, 400, "MissingUserId")
	s.root.must(ims, "DeleteAccessKeyInRecycleBin", params{"UserId": id, "UserAccessKeyId": third.key.ID})
	s.root.refused(ims, "GetAccessKeyInfoInRecycleBin", params{"UserAccessKeyId": third.key.ID}, 404, "EntityNotExist.User.AccessKey")
}

func TestAccessKeyBinKeepsThreeFor30Days(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "bot"}).at("User.UserId")
	var made []string
	for range 4 {
		key := s.newKey().key.ID
		made = append(made, key)
		s.root.must(ram, "DeleteAccessKey", params{"UserName": "bot", "UserAccessKeyId": key})
		s.clock.Advance(24 * time.Hour)
	}
	inBin := func() []string {
		return s.root.must(ims, "ListAccessKeysInRecycleBin", params{"UserId": id}).each("AccessKeys.AccessKey", "AccessKeyId")
	}
	if diff := cmp.Diff(made[1:], inBin()); diff != "" {
		t.Errorf("after four deletions (-want +got):\n%s", diff)
	}
	s.clock.Advance(27*24*time.Hour - time.Second) // the second key has been there for 30 days less a second
	if diff := cmp.Diff(made[1:], inBin()); diff != "" {
		t.Errorf("a second before 30 days (-want +got):\n%s", diff)
	}
	s.clock.Advance(time.Second)
	if diff := cmp.Diff(made[2:], inBin()); diff != "" {
		t.Errorf("after 30 days (-want +got):\n%s", diff)
	}
}

func TestStrictIMSDeleteAccessKey(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{StrictIMSDeleteAccessKey: true})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	key := s.newKey().key.ID
	p := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": key}
	s.root.refused(ims, "DeleteAccessKey", p, 409, "DeleteConflict.User.AccessKey.Active")
	s.root.must(ram, "UpdateAccessKey", params{"UserName": "bot", "UserAccessKeyId": key, "Status": "Inactive"})
	s.root.must(ims, "DeleteAccessKey", p)
}

func TestRootManagesItsOwnKeys(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	made := s.root.must(ram, "CreateAccessKey", nil)
	s.root.refused(ims, "CreateAccessKey", nil, 409, "LimitExceeded.Account.AccessKey")
	second := s.as(Key{made.at("AccessKey.AccessKeyId"), made.at("AccessKey.AccessKeySecret")})
	second.must(ram, "DeleteAccessKey", params{"UserAccessKeyId": s.root.key.ID})
	s.root.refused(ram, "ListUsers", nil, 404, "InvalidAccessKeyId.NotFound")
	if got := s.Accounts()[0].RootKey; got != s.root.key {
		t.Errorf("Accounts now tells of the key %s, want the one of the start", got.ID)
	}
}

func TestLastUsed(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{LastUsedLag: 2 * time.Hour})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	bot := s.newKey()
	ask := params{"UserPrincipalName": upn(s, "bot"), "UserAccessKeyId": bot.key.ID}
	for _, step := range []struct {
		pass time.Duration
		use  bool
		want string
	}{
		{0, false, ""},
		{time.Hour, true, ""}, // used at 04:04, known from 06:04
		{time.Hour, true, ""}, // used at 05:04, too early to be noted
		{time.Hour, false, "2026-01-02T04:04:05Z IMS"},     // 06:04
		{5 * time.Hour, true, "2026-01-02T04:04:05Z IMS"},  // used at 11:04
		{2 * time.Hour, false, "2026-01-02T11:04:05Z IMS"}, // 13:04
	} {
		s.clock.Advance(step.pass)
		if step.use {
			bot.do(ims, "ListUsers", nil)
		}
		got := s.root.must(ims, "GetAccessKeyLastUsed", ask)
		if shown := strings.TrimSpace(got.at("AccessKeyLastUsed.LastUsedDate") + " " + got.at("AccessKeyLastUsed.ServiceName")); shown != step.want {
			t.Errorf("at %s: got %q, want %q", s.clock.Now().Format(time.TimeOnly), shown, step.want)
		}
	}
}
