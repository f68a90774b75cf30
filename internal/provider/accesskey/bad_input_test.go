package accesskey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// What is wrong with a configuration of either resource is said before anything is
// called, and the attribute at fault is marked.
func TestKeys_badInputIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	_, public := newPGPKey(t)
	armored := "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + public + "\n-----END PGP PUBLIC KEY BLOCK-----"
	of := map[string]func(...any) map[string]any{resourceType: config, rotatingType: quarterly}
	tests := map[string]struct {
		types  []string
		pairs  []any
		marked string
	}{
		"a recipient that is none":         {[]string{resourceType, rotatingType}, []any{"age_recipients", []string{"me"}}, "age_recipients"},
		"a recipient that runs a plug-in":  {[]string{resourceType, rotatingType}, []any{"age_recipients", []string{"age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t"}}, "age_recipients"},
		"no recipient":                     {[]string{resourceType, rotatingType}, []any{"age_recipients", []string{}}, "age_recipients"},
		"noise before an armored block":    {[]string{resourceType, rotatingType}, []any{"pgp_key", "Alice:\n" + armored}, "pgp_key"},
		"noise after an armored block":     {[]string{resourceType, rotatingType}, []any{"pgp_key", armored + "\nBob"}, "pgp_key"},
		"an empty OpenPGP key":             {[]string{resourceType, rotatingType}, []any{"pgp_key", ""}, "pgp_key"},
		"a period that is none":            {[]string{resourceType, rotatingType}, []any{"rotation_period", "monthly"}, "rotation_period"},
		"a span that is none":              {[]string{resourceType, rotatingType}, []any{"require_idle", "a day"}, "require_idle"},
		"a span below the service's lag":   {[]string{resourceType, rotatingType}, []any{"require_idle", "119m"}, "require_idle"},
		"a quarantine that is none":        {[]string{resourceType, rotatingType}, []any{"quarantine", "-1h"}, "quarantine"},
		"an end that is none":              {[]string{resourceType, rotatingType}, []any{"on_destroy", "delete"}, "on_destroy"},
		"an answer that is none":           {[]string{resourceType, rotatingType}, []any{"on_lost_answer", ""}, "on_lost_answer"},
		"a user name that is none":         {[]string{resourceType, rotatingType}, []any{"user_name", "a b"}, "user_name"},
		"a quarantine beyond the time-out": {[]string{resourceType}, []any{"quarantine", "1h"}, "quarantine"},
		"a time-out below the quarantine":  {[]string{resourceType}, []any{"quarantine", "10m", "timeouts", map[string]any{"delete": "5m"}}, "quarantine"},
		"a status that is none":            {[]string{resourceType}, []any{"status", "Recycled"}, "status"},
		"a choice that is none":            {[]string{resourceType}, []any{"on_recycled", "purge"}, "on_recycled"},
		"an overlap that is none":          {[]string{rotatingType}, []any{"overlap", "a week"}, "overlap"},
		"a period for three slots":         {[]string{rotatingType}, []any{"overlap", "88d"}, "rotation_period"},
	}
	for name, test := range tests {
		for _, typ := range test.types {
			diags := w.Validate(typ, of[typ](test.pairs...))
			marked := false
			for _, one := range diags {
				marked = marked || one.Attribute != nil && strings.HasPrefix(one.Attribute.String(), `AttributeName("`+test.marked+`")`)
			}
			if !diags.HasError() || !marked {
				t.Errorf("%s of %s: %s is not marked in %q", name, typ, test.marked, diags.Errors())
			}
		}
	}
	w.wantCalls()
}

// A key that belongs to another user than the import says is not imported.
func TestKeys_importOfAnotherUsersKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	w.makeUser("other")
	id := w.colleagueKey()
	for typ, importID := range map[string]string{resourceType: "other/" + id, rotatingType: "other/" + id} {
		if object, diags := w.Import(typ, importID); object.Exists() && !diags.HasError() {
			t.Errorf("%s: imported %v", typ, w.Attributes(object.Value))
		}
	}
}

// A restore needs a free slot; without one the plan fails and marks what asks for it.
func TestAccessKey_restoreWithoutASlotIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t))
	key := w.apply(gone, config())
	w.Clock.Advance(time.Hour)
	w.recycleKey(w.text(key, "access_key_id"))
	w.colleagueKey()
	w.colleagueKey()
	w.restart()
	planned := w.Plan(resourceType, w.MustRead(key), config("on_recycled", "restore"))
	acctest.RequireAmong(t, planned.Diagnostics.Errors(), "cannot be restored", "free slot")
	if at := planned.Diagnostics[0].Attribute; at == nil || !strings.Contains(at.String(), "on_recycled") {
		t.Errorf("marked: %s, want on_recycled", at)
	}
}

// An OpenPGP key that has expired since, and is only spelled otherwise, is the same key:
// nothing is encrypted to it, so nothing is replaced or refused.
func TestKeys_expiredKeySpelledOtherwise(t *testing.T) {
	t.Parallel()
	_, public := newPGPKey(t)
	otherwise := public[:40] + "\n" + public[40:]
	for typ, of := range map[string]func(...any) map[string]any{resourceType: config, rotatingType: quarterly} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, acctest.New(t))
			object := w.MustCreate(typ, of("pgp_key", public))
			w.Clock.Advance(48 * time.Hour)
			w.restart()
			planned := w.Plan(typ, w.MustRead(object), of("pgp_key", otherwise))
			if planned.Diagnostics.HasError() || len(planned.Replace) > 0 {
				t.Fatalf("replaces for %v: %q", planned.Replace, planned.Diagnostics.Errors())
			}
			_, diags := w.Apply(planned)
			wantNone(t, "error", diags.Errors())
			if got := w.Emulator.Count("CreateAccessKey"); got != 1 {
				t.Errorf("%d keys were made, want 1", got)
			}
		})
	}
}

// The plan of a destroy tells what will stop it or make it wait.
func TestAccessKey_destroyPlanAnnounces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.New(t, promptly))
	written := config("require_idle", "24h", "quarantine", "10m")
	key := w.apply(gone, written)
	w.use(key)
	usedAt := w.Clock.Now()
	w.Clock.Advance(time.Hour)
	w.restart()
	key = w.MustRead(key)
	replaced := config("require_idle", "24h", "quarantine", "10m", "rotate_when_changed", month("1"))
	for name, next := range map[string]map[string]any{"destroy": nil, "replace": replaced} {
		t.Log(name)
		warnings := w.plan(key, next).Diagnostics.Warnings()
		acctest.RequireAmong(t, warnings, "would not be destroyed now", usedAt.Format(time.RFC3339), "(1 hour ago) with STS", "An apply before "+usedAt.Add(day).Format(time.RFC3339)+" fails")
		acctest.RequireAmong(t, warnings, "will be in quarantine", "waits for 10m")
	}
	// Disabled by Terraform before, so a part of the quarantine is over.
	disabled := config("quarantine", "10m", "status", "Inactive")
	key = w.apply(key, disabled)
	began := w.Clock.Now()
	w.Clock.Advance(4 * time.Minute)
	w.restart()
	key = w.MustRead(key)
	acctest.RequireAmong(t, w.plan(key, nil).Diagnostics.Warnings(), "waits until "+began.Add(10*time.Minute).Format(time.RFC3339))
	w.Clock.Advance(time.Hour)
	w.restart()
	wantNone(t, "warning", w.plan(w.MustRead(key), nil).Diagnostics.Warnings())
}
