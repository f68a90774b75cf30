// Package idle is the argument require_idle: an AccessKey that somebody used a moment ago
// is not taken from them.
package idle

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// Lag is how long the service may take to note that a key was used (IMS API,
// GetAccessKeyLastUsed). A shorter require_idle would see nothing.
const Lag = 2 * time.Hour

// Span is what require_idle takes: a span of time that is not shorter than Lag.
func Span() validator.String {
	return schemakit.SpanOfAtLeast(Lag, "the service notes the use of a key up to two hours late")
}

// Keeps says whether a key was used so recently that require_idle keeps it.
func Keeps(used ramclient.AccessKeyLastUsed, required time.Duration, now time.Time) bool {
	return !used.LastUsedDate.IsZero() && now.Sub(used.LastUsedDate.Time) < required
}

// LastUse says when a key was used, and with which service.
func LastUse(used ramclient.AccessKeyLastUsed) string {
	if used.LastUsedDate.IsZero() {
		return "never used"
	}
	return fmt.Sprintf("last used %s with %s", used.LastUsedDate.Format(time.RFC3339), used.ServiceName)
}

// Age is a span of time in the largest unit that it fills, for people.
func Age(span time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := int(span / unit.length); {
		case n == 1:
			return "1 " + unit.name
		case n > 1:
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "less than a minute"
}
