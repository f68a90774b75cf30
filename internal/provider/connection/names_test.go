package connection

import "testing"

func TestNames(t *testing.T) {
	t.Parallel()
	type answer struct {
		userID  string
		planned bool
	}
	tests := map[string]struct {
		plan func(*Names)
		want map[string]answer
	}{
		"nothing planned": {
			plan: func(*Names) {},
			want: map[string]answer{"a": {}},
		},
		"created": {
			plan: func(n *Names) { n.PlanCreate("a") },
			want: map[string]answer{"a": {"", true}, "b": {}},
		},
		"renamed": {
			plan: func(n *Names) { n.PlanRename("1", "a", "b") },
			want: map[string]answer{"a": {}, "b": {"1", true}},
		},
		"renamed twice": {
			plan: func(n *Names) { n.PlanRename("1", "a", "b"); n.PlanRename("1", "b", "c") },
			want: map[string]answer{"b": {}, "c": {"1", true}},
		},
		"two users swap names": {
			plan: func(n *Names) { n.PlanRename("1", "a", "b"); n.PlanRename("2", "b", "a") },
			want: map[string]answer{"a": {"2", true}, "b": {"1", true}},
		},
		"the old name is given to a new user": {
			plan: func(n *Names) { n.PlanCreate("a"); n.PlanRename("1", "a", "b") },
			want: map[string]answer{"a": {"", true}, "b": {"1", true}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names := newNames()
			test.plan(names)
			for user, want := range test.want {
				userID, planned := names.Planned(user)
				if got := (answer{userID, planned}); got != want {
					t.Errorf("Planned(%q): got %+v, want %+v", user, got, want)
				}
			}
		})
	}
}
