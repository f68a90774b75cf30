package emulator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	key := s.root.must(ram, "CreateAccessKey", params{"UserName": "ci-bot"}).at("AccessKey.AccessKeyId")
	for _, by := range []params{{"UserId": id}, {"UserPrincipalName": upn(s, "ci-bot")}, {"UserAccessKeyId": key}} {
		got := s.root.must(ims, "GetUser", by)
		if got.at("User.UserName") != "ci-bot" || got.at("User.Tags.Tag.0.TagValue") != "infra" {
			t.Errorf("IMS GetUser by %v: got %v", by, got.Body["User"])
		}
	}
}

func TestUserNameAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "Bot"})
	s.root.refused(ram, "CreateUser", params{"UserName": "bot"}, 409, "EntityAlreadyExists.User")
	for name, want := range map[string]string{
		strings.Repeat("a", 65): "InvalidParameter.UserName.Length",
		"a b":                   "InvalidParameter.UserName.InvalidChars",
		"a@b":                   "InvalidParameter.UserName.InvalidChars",
	} {
		s.root.refused(ram, "CreateUser", params{"UserName": name}, 400, want)
	}
	s.root.refused(ims, "CreateUser", params{"UserPrincipalName": "x@elsewhere.onaliyun.com", "DisplayName": "x"}, 400, "InvalidParameter.UserPrincipalName.Format")
	s.root.refused(ims, "CreateUser", params{"UserPrincipalName": upn(s, "x"), "DisplayName": strings.Repeat("x", 25)}, 400, "InvalidParameter.DisplayName.Length")
	s.root.must(ram, "CreateUser", params{"UserName": "x", "DisplayName": strings.Repeat("x", 128)})
	s.root.refused(ram, "CreateUser", params{"UserName": "y", "Comments": strings.Repeat("中", 129)}, 400, "InvalidParameter.Comments.Length")
	s.root.refused(ram, "CreateUser", params{"UserName": "y", "Email": "nobody"}, 400, "InvalidParameter.Email.Format")
	s.root.refused(ram, "CreateUser", params{"UserName": "y", "MobilePhone": "18688"}, 400, "InvalidParameter.MobilePhone.Format")
	s.root.refused(ims, "GetUser", params{"UserId": "1", "UserPrincipalName": upn(s, "x")}, 400, "InvalidParameter.UserId")
	s.root.refused(ims, "GetUser", nil, 400, "MissingUserPrincipalName")
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "old", "Comments": "words", "Email": "a@b.example"}).at("User.UserId")
	s.root.must(ram, "CreateUser", params{"UserName": "taken"})
	s.root.must(ram, "CreateGroup", params{"GroupName": "team"})
	s.root.must(ram, "AddUserToGroup", params{"UserName": "old", "GroupName": "team"})
	s.root.refused(ram, "UpdateUser", params{"UserName": "old", "NewUserName": "Taken"}, 409, "EntityAlreadyExists.User")
	s.clock.Advance(time.Minute)
	s.root.must(ims, "UpdateUser", params{"UserId": id, "NewUserPrincipalName": upn(s, "new"), "NewComments": ""})
	s.root.refused(ram, "GetUser", params{"UserName": "old"}, 404, "EntityNotExist.User")
	got := s.root.must(ims, "GetUser", params{"UserId": id})
	for path, want := range map[string]string{
		"User.UserName": "new", "User.Comments": "", "User.Email": "a@b.example",
		"User.CreateDate": "2026-01-02T03:04:05Z", "User.UpdateDate": "2026-01-02T03:05:05Z",
	} {
		if got.at(path) != want {
			t.Errorf("%s is %q, want %q", path, got.at(path), want)
		}
	}
	if got := s.root.must(ram, "ListGroupsForUser", params{"UserName": "new"}).each("Groups.Group", "GroupName"); len(got) != 1 {
		t.Errorf("after the rename the user is in %v, want the one group", got)
	}
	s.root.must(ram, "UpdateUser", params{"UserName": "new", "NewUserName": "NEW"}) // only the case
}

func TestListUsersInPages(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{PageSize: 2})
	var want []string
	for n := range 5 {
		want = append(want, fmt.Sprint("user", n))
		s.root.must(ram, "CreateUser", params{"UserName": want[n]})
	}
	for _, list := range []struct {
		api            api
		operation, out string
		field          string
	}{
		{ram, "ListUsers", "Users.User", "UserName"},
		{ims, "ListUsers", "Users.User", "UserPrincipalName"},
		{ims, "ListUserBasicInfos", "UserBasicInfos.UserBasicInfo", "UserPrincipalName"},
	} {
		var got []string
		for page, marker := 1, ""; ; page++ {
			p := params{}
			if marker != "" {
				p["Marker"] = marker
			}
			answered := s.root.must(list.api, list.operation, p)
			for _, name := range answered.each(list.out, list.field) {
				name, _, _ = strings.Cut(name, "@")
				got = append(got, name)
			}
			if marker = answered.at("Marker"); (marker != "") != (answered.at("IsTruncated") == "true") {
				t.Errorf("%s: the marker is %q and IsTruncated %s", list.operation, marker, answered.at("IsTruncated"))
			}
			if marker == "" {
				break
			}
			if page > len(want) {
				t.Fatalf("%s does not end", list.operation)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", list.api.product, list.operation, diff)
		}
	}
	marker := s.root.must(ram, "ListUsers", nil).at("Marker")
	s.root.must(ram, "DeleteUser", params{"UserName": "user1"}) // the one the marker names
	if diff := cmp.Diff([]string{"user2", "user3"}, s.root.must(ram, "ListUsers", params{"Marker": marker}).each("Users.User", "UserName")); diff != "" {
		t.Errorf("page behind a deleted user (-want +got):\n%s", diff)
	}
	s.root.refused(ram, "ListUsers", params{"Marker": "bogus"}, 400, "InvalidParameter.Marker")
	s.root.refused(ram, "ListGroups", params{"Marker": marker}, 400, "InvalidParameter.Marker")
	s.other.refused(ram, "ListUsers", params{"Marker": marker}, 400, "InvalidParameter.Marker")
	for _, items := range []string{"0", "1001", "many"} {
		s.root.refused(ram, "ListUsers", params{"MaxItems": items}, 400, "InvalidParameter.MaxItems")
	}
}

func TestListUsersByStatusAndTag(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, name := range []string{"awake", "frozen"} {
		s.root.must(ims, "CreateUser", params{"UserPrincipalName": upn(s, name), "DisplayName": name, "Tag.1.Key": "team", "Tag.1.Value": name})
	}
	s.state.Accounts[s.Accounts()[0].ID].Users["frozen"].Status = userFrozen
	for name, test := range map[string]struct {
		asked params
		want  []string
	}{
		"by default":        {nil, []string{"awake"}},
		"frozen":            {params{"Status": "freeze"}, []string{"frozen"}},
		"both":              {params{"Status": "active,freeze"}, []string{"awake", "frozen"}},
		"a tag means both":  {params{"Tag.1.Key": "team"}, []string{"awake", "frozen"}},
		"a tag and a value": {params{"Tag.1.Key": "team", "Tag.1.Value": "frozen"}, []string{"frozen"}},
	} {
		if diff := cmp.Diff(test.want, s.root.must(ims, "ListUsers", test.asked).each("Users.User", "DisplayName")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	s.root.refused(ims, "ListUsers", params{"Status": "asleep"}, 400, "InvalidParameter.Status")
	s.root.refused(ims, "ListUserBasicInfos", params{"Status": "freeze", "Tag.1.Key": "team"}, 400, "InvalidParameter.Status")
}

func TestDeleteUserRefusesWhatIsInUse(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	bot, byName := params{"UserName": "bot"}, params{"UserPrincipalName": upn(s, "bot")}
	s.root.must(ram, "CreateUser", bot)
	s.root.must(ram, "CreateGroup", params{"GroupName": "team"})
	policy := params{"UserName": "bot", "PolicyType": "System", "PolicyName": "ReadOnlyAccess"}
	key := s.root.must(ram, "CreateAccessKey", bot).at("AccessKey.AccessKeyId")
	s.root.must(ram, "AddUserToGroup", params{"UserName": "bot", "GroupName": "team"})
	s.root.must(ram, "AttachPolicyToUser", policy)
	s.root.must(ims, "CreateLoginProfile", params{"UserPrincipalName": upn(s, "bot"), "Password": "hunter2hunter2"})
	s.bindDevice("bot")
	for _, step := range []struct {
		conflict string
		solve    func()
	}{
		{"AccessKey", func() { s.root.must(ram, "DeleteAccessKey", params{"UserName": "bot", "UserAccessKeyId": key}) }},
		{"Group", func() { s.root.must(ram, "RemoveUserFromGroup", params{"UserName": "bot", "GroupName": "team"}) }},
		{"Policy", func() { s.root.must(ram, "DetachPolicyFromUser", policy) }},
		{"LoginProfile", func() { s.root.must(ims, "DeleteLoginProfile", byName) }},
		{"MFADevice", func() { s.root.must(ims, "UnbindMFADevice", byName) }},
	} {
		s.root.refused(ram, "DeleteUser", bot, 409, "DeleteConflict.User."+step.conflict)
		s.root.refused(ims, "DeleteUser", byName, 409, "DeleteConflict.User."+step.conflict)
		step.solve()
	}
	s.root.must(ram, "DeleteUser", bot)
	s.root.refused(ram, "DeleteUser", bot, 404, "EntityNotExist.User")
}

func TestLenientIMSDeleteUserTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{LenientIMSDeleteUser: true})
	bot := params{"UserName": "bot"}
	id := s.root.must(ram, "CreateUser", bot).at("User.UserId")
	s.root.must(ram, "CreateGroup", params{"GroupName": "team"})
	s.root.must(ram, "AddUserToGroup", params{"UserName": "bot", "GroupName": "team"})
	s.root.must(ram, "AttachPolicyToUser", params{"UserName": "bot", "PolicyType": "System", "PolicyName": "ReadOnlyAccess"})
	key := s.root.must(ram, "CreateAccessKey", bot).at("AccessKey.AccessKeyId")
	s.bindDevice("bot")
	s.root.refused(ram, "DeleteUser", bot, 409, "DeleteConflict.User.AccessKey")
	s.root.must(ims, "DeleteUser", params{"UserId": id})
	s.root.must(ram, "DeleteGroup", params{"GroupName": "team"})
	got := s.root.must(ims, "GetAccessKeyInfoInRecycleBin", params{"UserAccessKeyId": key})
	if got.at("AccessKey.UserRecycled") != "true" || got.at("AccessKey.UserId") != id {
		t.Errorf("the key is in the bin as %v, want it there with its user", got.Body["AccessKey"])
	}
}

func TestUserQuota(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	a := s.state.Accounts[s.Accounts()[0].ID]
	for n := range maxUsers {
		name := fmt.Sprint("user", n)
		a.Users[name] = &user{ID: fmt.Sprint(n), Name: name, Status: userActive}
	}
	s.root.refused(ram, "CreateUser", params{"UserName": "one-more"}, 409, "LimitExceeded.User")
	got := s.root.must(ims, "GetAccountSummary", nil)
	if got.at("SummaryMap.Users") != "5000" || got.at("SummaryMap.UsersQuota") != "5000" {
		t.Errorf("the summary says %s of %s, want 5000 of 5000", got.at("SummaryMap.Users"), got.at("SummaryMap.UsersQuota"))
	}
}
