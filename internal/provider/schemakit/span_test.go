package schemakit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/schemakit"
)

func TestParseSpan(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"24h": day, "90d": 90 * day, "1d12h": 36 * time.Hour, "1d0s": day, "10m30s": 10*time.Minute + 30*time.Second,
		// None of these is a span, which is 0 here.
		"": 0, "d": 0, "0d": 0, "0s": 0, "90": 0, "-1d": 0, "1d-1h": 0, "-1h": 0, "1.5d": 0, "1d1d": 0, "12h1d": 0, "1 d": 0,
		"65536d": 0, "65535d2000000h": 0, "1w": 0, "a day": 0,
	} {
		got, err := schemakit.ParseSpan(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("ParseSpan(%q): got %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestSpanOfAtLeast(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2h": "", "3d": "", "119m": "shorter than 2h, and use is noted late.", "soon": `no span of time such as "36h" or "90d"`,
	} {
		var resp validator.StringResponse
		schemakit.SpanOfAtLeast(2*time.Hour, "use is noted late").ValidateString(t.Context(), validator.StringRequest{
			Path: path.Root("require_idle"), ConfigValue: types.StringValue(text),
		}, &resp)
		got := ""
		for _, one := range resp.Diagnostics {
			got += one.Detail()
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
