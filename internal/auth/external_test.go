package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// TestMain lets the test binary play the other processes of the process tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "act-as-program" {
		os.Exit(actAsProgram(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// answering is a RunFunc that prints output.
func answering(output string) RunFunc {
	return func(context.Context, []string) ([]byte, error) { return []byte(output), nil }
}

func TestExternalOutput(t *testing.T) {
	t.Parallel()
	const pair = `"access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret"`
	quarter := testStart.Add(15 * time.Minute)
	for name, test := range map[string]struct {
		output string
		token  bool
		end    time.Time
		want   []string // parts of the error; nil for credentials
	}{
		"mode AK":                       {output: `{"mode":"AK",` + pair + `}`},
		"mode AK with a stray token":    {output: `{"mode":"AK",` + pair + `,"sts_token":"testtoken"}`},
		"mode StsToken":                 {output: `{"mode":"StsToken",` + pair + `,"sts_token":"testtoken","expiration":"2026-01-02T05:04:05Z"}`, token: true, end: testStart.Add(2 * time.Hour)},
		"no mode, no token":             {output: `{` + pair + `}`},
		"no mode, a token":              {output: `{` + pair + `,"sts_token":"testtoken"}`, token: true, end: quarter},
		"an end that cannot be read":    {output: `{` + pair + `,"sts_token":"testtoken","expiration":"tomorrow"}`, token: true, end: quarter},
		"the shape of a URI":            {output: goodAnswer, token: true, end: testStart.Add(2 * time.Hour)},
		"the shape of a URI, failed":    {output: strings.Replace(goodAnswer, "Success", "No", 1), want: []string{"Code is not Success"}},
		"mode StsToken without a token": {output: `{"mode":"StsToken",` + pair + `}`, want: []string{"sts_token is missing"}},
		"no secret":                     {output: `{"mode":"AK","access_key_id":"x"}`, want: []string{"access_key_secret is missing"}},
		"another mode":                  {output: `{"mode":"RamRoleArn",` + pair + `}`, want: []string{"mode RamRoleArn", "only AK and StsToken"}},
		"no mode at all":                {output: `{"mode":"testsecret",` + pair + `}`, want: []string{"an unknown mode"}},
		"no JSON":                       {output: "testsecret", want: []string{"not the expected JSON"}},
		"nothing":                       {want: []string{"not the expected JSON"}},
		"an end in the past":            {output: `{"mode":"StsToken",` + pair + `,"sts_token":"testtoken","expiration":"2025-01-02T05:04:05Z"}`, want: []string{"ended at 2025"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(nil, nil)
			machine.Run = answering(test.output)
			source, err := Resolve(Config{Arguments: Arguments{External: &ExternalArguments{Command: "tool --key testsecret"}}, Machine: machine})
			if err != nil {
				t.Fatal(err)
			}
			c, err := source.Credentials(t.Context())
			if test.want != nil {
				wantError(t, err, append(test.want, "program tool")...)
				return
			}
			if err != nil || c.AccessKeySecret.Reveal() != testSecret || c.SecurityToken.IsEmpty() == test.token || !c.Expiration.Equal(test.end) {
				t.Errorf("got token %t until %s, %v, want token %t until %s", !c.SecurityToken.IsEmpty(), c.Expiration, err, test.token, test.end)
			}
			noSecrets(t, source.Description)
		})
	}
}

func TestExternalCommand(t *testing.T) {
	t.Parallel()
	disabled := map[string]string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS": "1"}
	profile := func(command string) map[string]string {
		return map[string]string{homeConfig: fmt.Sprintf(`{"profiles":[{"name":"p","mode":"External","process_command":%q}]}`, command)}
	}
	for name, test := range map[string]struct {
		args    Arguments
		env     map[string]string
		files   map[string]string
		windows bool
		argv    []string
		want    []string
	}{
		"string":            {args: Arguments{External: &ExternalArguments{Command: `tool "a b"`}}, argv: []string{"tool", "a b"}},
		"list":              {args: Arguments{External: &ExternalArguments{Argv: []string{"tool", `"a b"`}}}, argv: []string{"tool", `"a b"`}},
		"profile":           {args: Arguments{Profile: "p"}, files: profile(`tool 'a b'`), argv: []string{"tool", "a b"}},
		"on Windows":        {args: Arguments{External: &ExternalArguments{Command: `C:\tool.exe a`}}, windows: true, argv: []string{`C:\tool.exe`, "a"}},
		"string and list":   {args: Arguments{External: &ExternalArguments{Command: "a", Argv: []string{"a"}}}, want: []string{"external", "either as a string or as a list"}},
		"nothing":           {args: Arguments{External: &ExternalArguments{}}, want: []string{"command: the command is empty"}},
		"empty program":     {args: Arguments{External: &ExternalArguments{Argv: []string{""}}}, want: []string{"the command is empty"}},
		"open quote":        {args: Arguments{External: &ExternalArguments{Command: "tool 'testsecret"}}, want: []string{"a quote is not closed"}},
		"profile, nothing":  {args: Arguments{Profile: "p"}, files: profile(""), want: []string{`profile "p" (mode External)`, "process_command: the command is empty"}},
		"negative time-out": {args: Arguments{External: &ExternalArguments{Command: "a", Timeout: -1}}, want: []string{"timeout"}},
		"kill switch":       {args: Arguments{External: &ExternalArguments{Command: "a"}}, env: disabled, want: []string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids"}},
		"kill switch, profile": {
			args: Arguments{Profile: "p"}, files: profile("a"), env: disabled,
			want: []string{`profile "p" (mode External)`, "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(test.env, test.files)
			machine.Windows = test.windows
			var argv []string
			machine.Run = func(_ context.Context, words []string) ([]byte, error) {
				argv = words
				return []byte(goodAnswer), nil
			}
			source, err := Resolve(Config{Arguments: test.args, Machine: machine})
			if test.want != nil {
				wantError(t, err, test.want...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			mustCredentials(t, source)
			if diff := cmp.Diff(test.argv, argv); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExternalRunsAgainOnlyForSessions(t *testing.T) {
	t.Parallel()
	for output, want := range map[string]int{
		`{"mode":"AK","access_key_id":"a","access_key_secret":"testsecret"}`:                               1,
		`{"mode":"StsToken","access_key_id":"a","access_key_secret":"testsecret","sts_token":"testtoken"}`: 2,
	} {
		machine := testMachine(nil, nil)
		var runs int
		machine.Run = func(context.Context, []string) ([]byte, error) { runs++; return []byte(output), nil }
		source, err := Resolve(Config{Arguments: Arguments{External: &ExternalArguments{Command: "tool"}}, Machine: machine})
		if err != nil {
			t.Fatal(err)
		}
		mustCredentials(t, source)
		machine.Clock.(*clock.Fake).Advance(15 * time.Minute)
		mustCredentials(t, source)
		if runs != want {
			t.Errorf("the program ran %d times in 15 minutes, want %d for %s", runs, want, output)
		}
	}
}

func TestExternalTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := func(ctx context.Context, _ []string) ([]byte, error) {
			<-ctx.Done()
			return nil, errors.New("killed")
		}
		for timeout, want := range map[time.Duration]string{0: "no answer within 1m0s", time.Second: "no answer within 1s"} {
			machine := testMachine(nil, nil)
			machine.Run = hang
			source, err := Resolve(Config{Arguments: Arguments{External: &ExternalArguments{Command: "tool", Timeout: timeout}}, Machine: machine})
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(t.Context())
			wantError(t, err, "program tool", want)
		}
	})
}

// actAsProgram is what the child does, chosen by its first argument.
func actAsProgram(args []string) int {
	switch args[0] {
	case "print":
		_, _ = os.Stdout.WriteString(args[1])
	case "flood":
		for range 1 << 12 {
			if _, err := os.Stdout.WriteString(strings.Repeat("testsecret", 10)); err != nil {
				return 0
			}
		}
	case "fail":
		_, _ = os.Stdout.WriteString("testsecret")
		_, _ = os.Stderr.WriteString("testtoken")
		return 3
	case "provide":
		return actAsProvider(args[1], args[2])
	case "read":
		if n, _ := os.Stdin.Read(make([]byte, 1)); n > 0 {
			return 4
		}
		_, _ = os.Stdout.WriteString("nothing to read")
	}
	return 0
}

func TestRunProcess(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		argv   []string
		output string
		want   []string
	}{
		"output":          {argv: []string{self, "act-as-program", "print", "hello"}, output: "hello"},
		"closed input":    {argv: []string{self, "act-as-program", "read"}, output: "nothing to read"},
		"non-zero exit":   {argv: []string{self, "act-as-program", "fail"}, want: []string{"exit status 3"}},
		"too much output": {argv: []string{self, "act-as-program", "flood"}, want: []string{"more than 64 KiB"}},
		"no such program": {argv: []string{"no-such-program-anywhere", testSecret}, want: []string{"cannot be started"}},
		"not a program":   {argv: []string{filepath.Join(t.TempDir(), "none"), testSecret}, want: []string{"cannot be"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output, err := runProcess(t.Context(), test.argv)
			if test.want != nil {
				wantError(t, err, test.want...)
			} else if err != nil || string(output) != test.output {
				t.Errorf("got %q, %v, want %q", output, err, test.output)
			}
		})
	}
}
