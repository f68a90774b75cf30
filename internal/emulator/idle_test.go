package emulator

import (
	"testing"
	"time"
)

// at moves the clock to a time after the start of the test.
func (s *service) at(day string) {
	s.t.Helper()
	then, err := time.Parse(time.DateTime, day)
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.Advance(then.Sub(s.clock.Now()))
}

func TestIdleKeysAreDisabledTheNextDay(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ims, "SetSecurityPreference", params{"MaxIdleDaysForAccessKeys": "90"})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	unused := s.newKey() // made 2026-01-02 03:04:05, so idle for 90 days on April 2
	used := s.newKey()
	status := func(of client) string {
		t.Helper()
		listed := s.root.must(ram, "ListAccessKeys", params{"UserName": "bot"})
		for i, id := range listed.each("AccessKeys.AccessKey", "AccessKeyId") {
			if id == of.key.ID {
				return listed.each("AccessKeys.AccessKey", "Status")[i]
			}
		}
		return "gone"
	}
	s.at("2026-03-01 12:00:00")
	used.must(sts, "GetCallerIdentity", nil)
	s.at("2026-04-02 23:59:59")
	if got := status(unused); got != "Active" {
		t.Errorf("on the 90th day the key is %s, want Active", got)
	}
	s.at("2026-04-03 00:00:00")
	unused.refused(sts, "GetCallerIdentity", nil, 400, "InvalidAccessKeyId.Inactive") // the call itself comes too late
	if got := status(used); got != "Active" {
		t.Errorf("a key used in March is %s, want Active", got)
	}

	s.root.must(ram, "UpdateAccessKey", params{"UserName": "bot", "UserAccessKeyId": unused.key.ID, "Status": "Active"})
	s.at("2026-04-04 00:00:00")
	if got := status(unused); got != "Active" {
		t.Errorf("the day after it was enabled again the key is %s, want Active", got)
	}
	s.at("2026-05-31 00:00:00")
	if got := status(used); got != "Inactive" {
		t.Errorf("the key used last on March 1 is %s, want Inactive", got)
	}
	s.at("2027-12-31 00:00:00")
	s.root.must(sts, "GetCallerIdentity", nil) // root keys stay
}

func TestShorterIdleTimeCountsFromTheNextDay(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	bot := s.newKey()
	s.at("2026-12-01 12:00:00")
	s.root.must(ims, "SetSecurityPreference", params{"MaxIdleDaysForAccessKeys": "180"})
	if got := s.root.must(ram, "ListAccessKeys", params{"UserName": "bot"}).at("AccessKeys.AccessKey.0.Status"); got != "Active" {
		t.Errorf("at once the key is %s, want Active", got)
	}
	s.at("2026-12-02 00:00:00")
	bot.refused(sts, "GetCallerIdentity", nil, 400, "InvalidAccessKeyId.Inactive")
}

func TestIdleLoginsAreDisabled(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	s.root.must(ram, "CreateUser", params{"UserName": "staff"})
	s.clock.Advance(2 * time.Second)
	named := params{"UserPrincipalName": upn(s, "staff")}
	s.root.must(ims, "CreateLoginProfile", named)
	s.root.must(ims, "SetSecurityPreference", params{"MaxIdleDaysForUsers": "90"})
	s.at("2026-04-02 12:00:00")
	if got := s.root.must(ims, "GetLoginProfile", named).at("LoginProfile.Status"); got != "Active" {
		t.Errorf("on the 90th day the login is %s, want Active", got)
	}
	s.at("2026-04-03 00:00:00")
	s.root.must(ims, "GetLoginProfile", named)
	s.clock.Advance(time.Second) // reads see it late
	got := s.root.must(ims, "GetLoginProfile", named)
	if got.at("LoginProfile.Status") != "Inactive" || got.at("LoginProfile.UpdateDate") != "2026-04-03T00:00:00Z" {
		t.Errorf("on the 91st day: got %v, want Inactive since 2026-04-03", got.Body["LoginProfile"])
	}
}
