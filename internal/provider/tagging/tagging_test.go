package tagging_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/tagging"
)

type tags = map[string]string

var settings = tagging.Settings{
	Default:        tags{"team": "a", "cost": "1"},
	IgnoreKeys:     []string{"audit"},
	IgnorePrefixes: []string{"sys:"},
}

func TestAllMergesAndTheResourceWins(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ written, want tags }{
		"nothing written":           {nil, tags{"team": "a", "cost": "1"}},
		"the resource wins":         {tags{"team": "b"}, tags{"team": "b", "cost": "1"}},
		"the same pair in both":     {tags{"team": "a"}, tags{"team": "a", "cost": "1"}},
		"what is ignored stays out": {tags{"audit": "x", "sys:y": "z"}, tags{"team": "a", "cost": "1"}},
	}
	for name, test := range tests {
		if diff := cmp.Diff(test.want, settings.All(test.written)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFromServerTellsOwnTagsFromDefaults(t *testing.T) {
	t.Parallel()
	null := types.MapNull(types.StringType)
	tests := map[string]struct {
		onServer tags
		written  types.Map
		own, all types.Map
	}{
		"only defaults":                 {onServer: tags{"team": "a", "cost": "1"}, written: null, own: null, all: value(tags{"team": "a", "cost": "1"})},
		"a written default stays own":   {onServer: tags{"team": "a", "cost": "1"}, written: value(tags{"team": "a"}), own: value(tags{"team": "a"}), all: value(tags{"team": "a", "cost": "1"})},
		"a default changed outside":     {onServer: tags{"team": "x", "cost": "1"}, written: null, own: value(tags{"team": "x"}), all: value(tags{"team": "x", "cost": "1"})},
		"a tag added outside":           {onServer: tags{"new": "1"}, written: null, own: value(tags{"new": "1"}), all: value(tags{"new": "1"})},
		"ignored tags are not seen":     {onServer: tags{"audit": "1", "sys:a": "1"}, written: null, own: null, all: value(tags{})},
		"empty stays empty, not null":   {onServer: nil, written: value(tags{}), own: value(tags{}), all: value(tags{})},
		"own tags removed outside show": {onServer: nil, written: value(tags{"k": "v"}), own: value(tags{}), all: value(tags{})},
	}
	for name, test := range tests {
		own, all := settings.FromServer(test.onServer, test.written)
		if !own.Equal(test.own) || !all.Equal(test.all) {
			t.Errorf("%s: got tags %s and tags_all %s, want %s and %s", name, own, all, test.own, test.all)
		}
	}
}

func TestApplySetsBeforeItRemoves(t *testing.T) {
	t.Parallel()
	var calls []string
	set := func(_ context.Context, pairs tags) error {
		for key, text := range pairs {
			calls = append(calls, "set "+key+"="+text)
		}
		slices.Sort(calls)
		return nil
	}
	remove := func(_ context.Context, keys []string) error {
		calls = append(calls, "remove "+keys[0])
		return nil
	}
	have, want := value(tags{"same": "1", "old": "1", "change": "1"}), value(tags{"same": "1", "change": "2", "new": "1"})
	if err := tagging.Apply(t.Context(), have, want, set, remove); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"set change=2", "set new=1", "remove old"}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}

	calls = nil
	if err := tagging.Apply(t.Context(), want, want, set, remove); err != nil || len(calls) != 0 {
		t.Errorf("no change made the calls %q (%v)", calls, err)
	}

	boom := errors.New("boom")
	err := tagging.Apply(t.Context(), have, want, func(context.Context, tags) error { return boom }, remove)
	if !errors.Is(err, boom) || len(calls) != 0 {
		t.Errorf("after a failed set: %v, calls %q; want %v and none", err, calls, boom)
	}
}

func TestApplyRemovesFirstWhereBothDoNotFit(t *testing.T) {
	t.Parallel()
	have, want := tags{}, tags{}
	for i := range 20 {
		have[fmt.Sprint("old", i)], want[fmt.Sprint("new", i)] = "1", "1"
	}
	var calls []string
	set := func(context.Context, tags) error { calls = append(calls, "set"); return nil }
	remove := func(context.Context, []string) error { calls = append(calls, "remove"); return nil }
	if err := tagging.Apply(t.Context(), value(have), value(want), set, remove); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"remove", "set"}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func value(pairs tags) types.Map {
	elements := map[string]attr.Value{}
	for key, text := range pairs {
		elements[key] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, elements)
}
