package auth

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		line          string
		unix, windows []string
		unixErr       error
		windowsErr    error
	}{
		"runs of space":             {line: "cmd  a\tb ", unix: []string{"cmd", "a", "b"}, windows: []string{"cmd", "a", "b"}},
		"empty word":                {line: `tool "" x`, unix: []string{"tool", "", "x"}, windows: []string{"tool", "", "x"}},
		"adjacent pieces":           {line: `tool "a b"'c d'`, unix: []string{"tool", "a bc d"}, windows: []string{"tool", "a bc d"}},
		"escaped space":             {line: `tool a\ b`, unix: []string{"tool", "a b"}, windows: []string{"tool", `a\`, "b"}},
		"escaped quotes":            {line: `t "say \"hi\""`, unix: []string{"t", `say "hi"`}, windows: []string{"t", `say "hi"`}},
		"quoted Windows path":       {line: `"C:\P F\t.exe" g`, unix: []string{`C:\P F\t.exe`, "g"}, windows: []string{`C:\P F\t.exe`, "g"}},
		"bare Windows path":         {line: `C:\t\c.exe g`, unix: []string{"C:tc.exe", "g"}, windows: []string{`C:\t\c.exe`, "g"}},
		"trailing backslash":        {line: `t\`, unixErr: errTrailingSlash, windows: []string{`t\`}},
		"empty program":             {line: `""`, unixErr: errEmptyCommand, windowsErr: errEmptyCommand},
		"blanks":                    {line: " \t ", unixErr: errEmptyCommand, windowsErr: errEmptyCommand},
		"open quote":                {line: `'a`, unixErr: errOpenQuote, windowsErr: errOpenQuote},
		"open double quote":         {line: `t "a`, unixErr: errOpenQuote, windowsErr: errOpenQuote},
		"literal single quotes":     {line: `t '\"$x'`, unix: []string{"t", `\"$x`}, windows: []string{"t", `\"$x`}},
		"dollar and backtick":       {line: "t \"\\$x \\` \\\\ \\n\"", unix: []string{"t", "$x ` \\ \\n"}, windows: []string{"t", "\\$x \\` \\\\ \\n"}},
		"continued line":            {line: "t a\\\nb \"c\\\nd\"", unix: []string{"t", "ab", "cd"}, windows: []string{"t", `a\`, "b", "c\\\nd"}},
		"wide space":                {line: "t\u3000a", unix: []string{"t", "a"}, windows: []string{"t", "a"}},
		"nothing of a shell's else": {line: "t ~ $x * | ; x", unix: []string{"t", "~", "$x", "*", "|", ";", "x"}, windows: []string{"t", "~", "$x", "*", "|", ";", "x"}},
	} {
		for system, want := range map[bool]struct {
			words []string
			err   error
		}{false: {test.unix, test.unixErr}, true: {test.windows, test.windowsErr}} {
			got, err := splitCommand(test.line, system)
			if !errors.Is(err, want.err) {
				t.Errorf("%s, windows %t: error %v, want %v", name, system, err, want.err)
			}
			if diff := cmp.Diff(want.words, got); diff != "" {
				t.Errorf("%s, windows %t: words (-want +got):\n%s", name, system, diff)
			}
		}
	}
}
