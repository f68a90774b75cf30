package idle_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/idle"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestKeeps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		used time.Time
		want bool
	}{
		"never used":            {time.Time{}, false},
		"used a moment ago":     {now.Add(-time.Second), true},
		"used just too lately":  {now.Add(-24*time.Hour + time.Second), true},
		"used just long enough": {now.Add(-24 * time.Hour), false},
		"used by a fast clock":  {now.Add(time.Second), true},
	} {
		used := ramclient.AccessKeyLastUsed{LastUsedDate: ramclient.Time{Time: test.used}}
		if got := idle.Keeps(used, 24*time.Hour, now); got != test.want {
			t.Errorf("%s: got %t, want %t", name, got, test.want)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration]string{
		-time.Second: "less than a minute", 59 * time.Second: "less than a minute", time.Minute: "1 minute",
		59 * time.Minute: "59 minutes", time.Hour: "1 hour", 47 * time.Hour: "1 day", 48 * time.Hour: "2 days",
	} {
		if got := idle.Age(span); got != want {
			t.Errorf("Age(%s): got %q, want %q", span, got, want)
		}
	}
}
