package emulator

import (
	"testing"
)

func upn(s *service, name string) string { return name + "@" + s.Accounts()[0].ID + domainSuffix }

func TestUserIsOneObjectForBothAPIs(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	created := s.root.must(ims, "CreateUser", params{
		"UserPrincipalName": upn(s, "ci-bot"), "DisplayName": "CI bot", "Comments": "a+b*c~d/中",
		"Tag.1.Key": "team", "Tag.1.Value": "infra",
	})
	id := created.at("User.UserId")
	if len(id) != 18 || created.at("RequestId") == "" {
		t.Errorf("got user id %q and RequestId %q, want 18 digits and some id", id, created.at("RequestId"))
	}
	got := s.root.must(ram, "GetUser", params{"UserName": "CI-Bot"})
	for path, want := range map[string]string{
		"User.UserId": id, "User.UserName": "ci-bot", "User.Comments": "a+b*c~d/中", "User.CreateDate": "2026-01-02T03:04:05Z", "User.Tags": "",
	} {
		if got.at(path) != want {
			t.Errorf("RAM GetUser: %s is %q, want %q", path, got.at(path), want)
		}
	}
	if got := s.root.must(ims, "GetUser", params{"UserId": id}).at("User.Tags.Tag.0.TagValue"); got != "infra" {
		t.Errorf("IMS GetUser: tag value %q, want infra", got)
	}
}
