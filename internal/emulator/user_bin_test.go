package emulator

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestUserRecycleBin(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	bot := params{"UserName": "bot"}
	id := s.root.must(ims, "CreateUser", params{"UserPrincipalName": upn(s, "bot"), "DisplayName": "Bot", "Tag.1.Key": "team", "Tag.1.Value": "a"}).at("User.UserId")
	key := s.newKey()
	s.root.must(ram, "DeleteAccessKey", params{"UserName": "bot", "UserAccessKeyId": key.key.ID})
	s.root.must(ram, "DeleteUser", bot)

	want := map[string]any{
		"UserId": id, "UserPrincipalName": upn(s, "bot"), "DisplayName": "Bot", "CreateDate": "2026-01-02T03:04:05Z",
		"RecycleDate": "2026-01-02T03:04:05Z", "DeleteDate": "2026-02-01T03:04:05Z",
	}
	for name, got := range map[string]any{
		"by id":      s.root.must(ims, "GetUserInRecycleBin", params{"UserId": id}).Body["User"],
		"by key":     s.root.must(ims, "GetUserInRecycleBin", params{"UserAccessKeyId": key.key.ID}).Body["User"],
		"listed":     s.root.must(ims, "ListUsersInRecycleBin", nil).Body["Users"].(map[string]any)["User"].([]any)[0],
		"and chosen": s.root.must(ims, "ListUsersInRecycleBin", params{"Filter": "UserPrincipalName eq " + upn(s, "bot")}).Body["Users"].(map[string]any)["User"].([]any)[0],
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := s.root.must(ims, "ListUsersInRecycleBin", params{"Filter": "UserPrincipalName eq " + upn(s, "other")}).each("Users.User", "UserId"); len(got) != 0 {
		t.Errorf("another name finds %v", got)
	}
	s.root.refused(ims, "ListUsersInRecycleBin", params{"Filter": "UserId eq 1"}, 400, "InvalidParameter.Filter")
	s.root.refused(ims, "RestoreAccessKeyFromRecycleBin", params{"UserId": id, "UserAccessKeyId": key.key.ID}, 404, "EntityNotExist.User")

	second := s.root.must(ram, "CreateUser", bot).at("User.UserId")
	s.root.refused(ims, "RestoreUserFromRecycleBin", params{"UserId": id}, 409, "EntityAlreadyExists.User")
	s.root.must(ram, "DeleteUser", bot)
	s.root.must(ims, "RestoreUserFromRecycleBin", params{"UserId": id})
	if got := s.root.must(ims, "GetUser", params{"UserId": id}).at("User.Tags.Tag.0.TagKey"); got != "team" {
		t.Errorf("the restored user has the tag %q, want team", got)
	}
	s.root.must(ims, "RestoreAccessKeyFromRecycleBin", params{"UserId": id, "UserAccessKeyId": key.key.ID})
	s.root.must(ims, "DeleteUserInRecycleBin", params{"UserId": second})
	s.root.refused(ims, "DeleteUserInRecycleBin", params{"UserId": second}, 404, "EntityNotExist.User")
	s.root.refused(ims, "RestoreUserFromRecycleBin", params{"UserId": second}, 404, "EntityNotExist.User")
}

func TestUsersLeaveTheBinAfter30Days(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "bot"}).at("User.UserId")
	s.root.must(ram, "DeleteUser", params{"UserName": "bot"})
	s.clock.Advance(30*24*time.Hour - time.Second)
	s.root.must(ims, "GetUserInRecycleBin", params{"UserId": id})
	s.clock.Advance(time.Second)
	s.root.refused(ims, "GetUserInRecycleBin", params{"UserId": id}, 404, "EntityNotExist.User")
}

func TestUserBinHoldsAThousand(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	a := s.state.Accounts[s.Accounts()[0].ID]
	for n := range maxBinnedUsers {
		id := fmt.Sprint("id", n)
		a.UserBin[id] = &user{ID: id, Name: id, Recycled: start.Add(time.Duration(n-maxBinnedUsers) * time.Second)}
	}
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.root.must(ram, "DeleteUser", params{"UserName": "bot"})
	s.root.refused(ims, "GetUserInRecycleBin", params{"UserId": "id0"}, 404, "EntityNotExist.User")
	s.root.must(ims, "GetUserInRecycleBin", params{"UserId": "id1"})
	if got := len(a.UserBin); got != maxBinnedUsers {
		t.Errorf("the bin holds %d users, want %d", got, maxBinnedUsers)
	}
}
