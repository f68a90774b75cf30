package schemakit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var errNoSpan = errors.New(`it is no span of time such as "36h" or "90d"`)

// ParseSpan reads a span in the life of an object: a Go duration, with days of 24 hours
// in front if need be, such as "12h", "90d" or "1d12h". It is more than nothing.
func ParseSpan(text string) (time.Duration, error) {
	var span time.Duration
	rest := text
	if days, after, ok := strings.Cut(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, errNoSpan
		}
		span, rest = time.Duration(n)*24*time.Hour, after
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return 0, errNoSpan
		}
		span += d
	}
	if span <= 0 {
		return 0, errNoSpan
	}
	return span, nil
}

// Span is what ParseSpan reads.
func Span() validator.String { return SpanOfAtLeast(0, "") }

// SpanOfAtLeast is a Span that is not shorter than least, and why that is.
func SpanOfAtLeast(least time.Duration, why string) validator.String {
	return checked{`must be a span of time such as "36h" or "90d"`, func(text string) error {
		span, err := ParseSpan(text)
		if err == nil && span < least {
			return fmt.Errorf("it is shorter than %s, and %s", strings.TrimSuffix(least.String(), "0m0s"), why)
		}
		return err
	}}
}
