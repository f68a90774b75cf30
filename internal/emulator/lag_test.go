package emulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadsLagBehindWrites(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	bot := params{"UserName": "bot"}
	s.root.must(ram, "CreateUser", bot)
	s.root.refused(ram, "CreateUser", bot, 409, "EntityAlreadyExists.User") // writes see the present
	s.root.refused(ram, "GetUser", bot, 404, "EntityNotExist.User")
	s.root.refused(ram, "CreateAccessKey", bot, 404, "EntityNotExist.User")
	s.clock.Advance(999 * time.Millisecond)
	s.root.refused(ram, "GetUser", bot, 404, "EntityNotExist.User")
	s.clock.Advance(time.Millisecond)
	s.root.must(ram, "GetUser", bot)
	s.root.must(ram, "CreateAccessKey", bot)

	s.root.must(ram, "UpdateUser", params{"UserName": "bot", "NewComments": "one"})
	s.clock.Advance(600 * time.Millisecond)
	s.root.must(ram, "UpdateUser", params{"UserName": "bot", "NewComments": "two"})
	var seen []string
	for range 3 {
		seen = append(seen, s.root.must(ram, "GetUser", bot).at("User.Comments"))
		s.clock.Advance(500 * time.Millisecond)
	}
	if diff := cmp.Diff([]string{"", "one", "two"}, seen); diff != "" {
		t.Errorf("comments read half a second apart (-want +got):\n%s", diff)
	}
	s.root.must(ram, "UpdateUser", params{"UserName": "bot", "NewComments": "three"})
	if got := len(s.history); got > 2 {
		t.Errorf("%d states are kept, want no more than a read can ask for", got)
	}
}

func TestNewMembersLagToo(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{Lag: time.Second})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.clock.Advance(time.Second)
	s.root.must(ram, "CreateGroup", params{"GroupName": "team"})
	both := params{"UserName": "bot", "GroupName": "team"}
	s.root.refused(ram, "AddUserToGroup", both, 404, "EntityNotExist.Group")
	s.clock.Advance(time.Second)
	s.root.must(ram, "AddUserToGroup", both)
}
