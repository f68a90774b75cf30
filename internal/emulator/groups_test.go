package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGroupInBothAPIs(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ims, "CreateGroup", params{"GroupName": "Team", "DisplayName": "The team", "Comments": "words"})
	s.root.refused(ram, "CreateGroup", params{"GroupName": "team"}, 409, "EntityAlreadyExists.Group")
	s.root.refused(ram, "CreateGroup", params{"GroupName": "a", "DisplayName": "x"}, 400, "InvalidParameter") // IMS only
	s.root.refused(ims, "CreateGroup", params{"GroupName": "a", "DisplayName": strings.Repeat("x", 25)}, 400, "InvalidParameter.DisplayName.Length")
	s.root.refused(ims, "CreateGroup", params{"GroupName": "a b"}, 400, "InvalidParameter.GroupName.InvalidChars")
	if got := s.root.must(ims, "GetGroup", params{"GroupName": "team"}).at("Group.DisplayName"); got != "The team" {
		t.Errorf("IMS shows the display name %q, want The team", got)
	}
	if _, there := s.root.must(ram, "GetGroup", params{"GroupName": "team"}).Body["Group"].(map[string]any)["DisplayName"]; there {
		t.Error("RAM shows a display name")
	}
	s.root.must(ram, "CreateGroup", params{"GroupName": "other"})
	s.root.refused(ram, "UpdateGroup", params{"GroupName": "team", "NewGroupName": "OTHER"}, 409, "EntityAlreadyExists.Group")
	s.root.must(ram, "UpdateGroup", params{"GroupName": "team", "NewGroupName": "crew", "NewComments": ""})
	got := s.root.must(ims, "GetGroup", params{"GroupName": "crew"})
	if got.at("Group.Comments") != "" || got.at("Group.DisplayName") != "The team" {
		t.Errorf("after the update the group is %v", got.Body["Group"])
	}
	if diff := cmp.Diff([]string{"crew", "other"}, s.root.must(ims, "ListGroups", nil).each("Groups.Group", "GroupName")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	s.root.must(ims, "DeleteGroup", params{"GroupName": "crew"})
	s.root.refused(ims, "DeleteGroup", params{"GroupName": "crew"}, 404, "EntityNotExist.Group")
}

func TestGroupMembership(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateGroup", params{"GroupName": "team"})
	s.root.must(ram, "CreateUser", params{"UserName": "bot", "DisplayName": "Bot"})
	byRAM := params{"UserName": "bot", "GroupName": "team"}
	byIMS := params{"UserPrincipalName": upn(s, "bot"), "GroupName": "team"}
	s.root.refused(ims, "RemoveUserFromGroup", byIMS, 404, "EntityNotExist.User.Group")
	s.root.must(ims, "AddUserToGroup", byIMS)
	s.root.refused(ram, "AddUserToGroup", byRAM, 409, "EntityAlreadyExists.User.Group")
	s.root.refused(ram, "AddUserToGroup", params{"UserName": "nobody", "GroupName": "team"}, 404, "EntityNotExist.User")
	s.root.refused(ram, "AddUserToGroup", params{"UserName": "bot", "GroupName": "nothing"}, 404, "EntityNotExist.Group")
	s.root.refused(ram, "DeleteGroup", params{"GroupName": "team"}, 409, "DeleteConflict.Group.User")

	members := s.root.must(ims, "ListUsersForGroup", params{"GroupName": "team"})
	if members.at("Users.User.0.UserPrincipalName") != upn(s, "bot") || members.at("Users.User.0.JoinDate") == "" {
		t.Errorf("IMS lists the members %v", members.Body["Users"])
	}
	want := []any{map[string]any{"UserName": "bot", "DisplayName": "Bot", "JoinDate": "2026-01-02T03:04:05Z"}}
	if diff := cmp.Diff(want, s.root.must(ram, "ListUsersForGroup", params{"GroupName": "team"}).Body["Users"].(map[string]any)["User"]); diff != "" {
		t.Errorf("RAM members (-want +got):\n%s", diff)
	}
	if got := s.root.must(ims, "ListGroupsForUser", params{"UserPrincipalName": upn(s, "bot")}).at("Groups.Group.0.GroupName"); got != "team" {
		t.Errorf("the user is in %q, want team", got)
	}
	for n := range 10 {
		group := params{"GroupName": fmt.Sprint("group", n), "UserName": "bot"}
		s.root.must(ram, "CreateGroup", params{"GroupName": group["GroupName"]})
		if n < 9 {
			s.root.must(ram, "AddUserToGroup", group)
		} else {
			s.root.refused(ram, "AddUserToGroup", group, 409, "LimitExceeded.User.Group")
		}
	}
	s.root.must(ram, "RemoveUserFromGroup", byRAM)
	attached := params{"GroupName": "team", "PolicyType": "System", "PolicyName": "ReadOnlyAccess"}
	s.root.must(ram, "AttachPolicyToGroup", attached)
	s.root.refused(ims, "DeleteGroup", params{"GroupName": "team"}, 409, "DeleteConflict.Group.Policy")
	s.root.must(ram, "DetachPolicyFromGroup", attached)
	s.root.must(ims, "DeleteGroup", params{"GroupName": "team"})
}
