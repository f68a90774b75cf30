package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

const testOIDCProvider = "acs:ram::1234567890123456:oidc-provider/github"

// answeringOIDC records inputs and answers with a session.
func answeringOIDC(c clock.Clock, inputs *[]AssumeRoleWithOIDCInput) OIDCAssumeRoler {
	return func(_ context.Context, _ string, in AssumeRoleWithOIDCInput) (rpc.Credentials, error) {
		if inputs != nil {
			*inputs = append(*inputs, in)
		}
		return session("STS.oidc", c.Now().Add(in.Duration)), nil
	}
}

// jwt is a token without a real signature that ends at the given time.
func jwt(end time.Time) string {
	payload := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":"testtoken","exp":%d}`, end.Unix()))
	return "testtoken." + payload + ".signature"
}

func TestOIDCTokenFileIsReadAtEveryRefresh(t *testing.T) {
	t.Parallel()
	files := map[string]string{"/token": jwt(testStart.Add(time.Hour)) + "\n"}
	machine := testMachine(nil, files)
	fake := machine.Clock.(*clock.Fake)
	var inputs []AssumeRoleWithOIDCInput
	source, err := Resolve(Config{
		Arguments: Arguments{AssumeRoleWithOIDC: &OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, TokenFile: "/token"}},
		Machine:   machine, AssumeRoleWithOIDC: answeringOIDC(fake, &inputs),
	})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	want := AssumeRoleWithOIDCInput{
		OIDCProviderARN: testOIDCProvider, RoleARN: testRole, Token: rpc.NewSecret(jwt(testStart.Add(time.Hour))),
		SessionName: "terraform", Duration: time.Hour,
	}
	if len(inputs) != 1 || inputs[0] != want {
		t.Errorf("first exchange was %v, want %v (the newline trimmed)", inputs, want)
	}
	files["/token"] = jwt(testStart.Add(2 * time.Hour))
	fake.Advance(50 * time.Minute)
	mustCredentials(t, source)
	if len(inputs) != 2 || inputs[1].Token.Reveal() != files["/token"] {
		t.Errorf("after %d exchanges the last did not carry the new token of the file", len(inputs))
	}
}

func TestOIDCSources(t *testing.T) {
	t.Parallel()
	rrsa := map[string]string{
		"ALIBABA_CLOUD_ROLE_ARN": testRole2, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": testOIDCProvider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/token",
	}
	for name, test := range map[string]struct {
		args  Arguments
		env   map[string]string
		want  AssumeRoleWithOIDCInput
		place string
	}{
		"a pod's variables": {
			env:   rrsa,
			want:  AssumeRoleWithOIDCInput{RoleARN: testRole2, Token: rpc.NewSecret("testtoken-file"), SessionName: "terraform", Duration: time.Hour},
			place: "environment OIDC",
		},
		"the CLI's other spelling": {
			env: map[string]string{
				"ALIBABACLOUD_ROLE_ARN": testRole2, "ALIBABACLOUD_OIDC_PROVIDER_ARN": testOIDCProvider, "ALIBABACLOUD_OIDC_TOKEN_FILE": "/token",
			},
			want:  AssumeRoleWithOIDCInput{RoleARN: testRole2, Token: rpc.NewSecret("testtoken-file"), SessionName: "terraform", Duration: time.Hour},
			place: "environment OIDC",
		},
		"a token in a variable": {
			env: map[string]string{
				"ALIBABA_CLOUD_ROLE_ARN": testRole2, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": testOIDCProvider, "ALIBABA_CLOUD_OIDC_TOKEN": " testtoken-env ",
			},
			want:  AssumeRoleWithOIDCInput{RoleARN: testRole2, Token: rpc.NewSecret("testtoken-env"), SessionName: "terraform", Duration: time.Hour},
			place: "environment OIDC",
		},
		"arguments beat the environment": {
			args: Arguments{AssumeRoleWithOIDC: &OIDCArguments{
				OIDCProviderARN: testOIDCProvider, RoleARN: testRole, Token: rpc.NewSecret("testtoken-argument"),
				SessionName: "ci", Policy: "{}", DurationSeconds: 900,
			}},
			env:   rrsa,
			want:  AssumeRoleWithOIDCInput{RoleARN: testRole, Token: rpc.NewSecret("testtoken-argument"), SessionName: "ci", Policy: "{}", Duration: 15 * time.Minute},
			place: "provider arguments",
		},
		"a profile": {
			args:  Arguments{Profile: "pod"},
			env:   rrsa,
			want:  AssumeRoleWithOIDCInput{RoleARN: testRole, Token: rpc.NewSecret("testtoken-file"), SessionName: "me", Duration: time.Hour},
			place: "provider arguments",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(test.env, map[string]string{
				"/token":   "testtoken-file\n",
				homeConfig: `{"profiles":[{"name":"pod","mode":"OIDC","oidc_provider_arn":"` + testOIDCProvider + `","oidc_token_file":"/token","ram_role_arn":"` + testRole + `","ram_session_name":"me"}]}`,
			})
			var inputs []AssumeRoleWithOIDCInput
			source, err := Resolve(Config{Arguments: test.args, Machine: machine, AssumeRoleWithOIDC: answeringOIDC(machine.Clock, &inputs)})
			if err != nil {
				t.Fatal(err)
			}
			mustCredentials(t, source)
			test.want.OIDCProviderARN = testOIDCProvider
			if diff := cmp.Diff([]AssumeRoleWithOIDCInput{test.want}, inputs, cmp.Comparer(func(a, b rpc.Secret) bool { return a == b })); diff != "" {
				t.Errorf("exchanges (-want +got):\n%s", diff)
			}
			if last := source.Attempts[len(source.Attempts)-1]; last.Place != test.place {
				t.Errorf("chosen by %s, want %s", last.Place, test.place)
			}
		})
	}
}

func TestOIDCFaults(t *testing.T) {
	t.Parallel()
	literal := func(token string) OIDCArguments {
		return OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, Token: rpc.NewSecret(token)}
	}
	for name, test := range map[string]struct {
		args OIDCArguments
		want []string
	}{
		"token and file": {
			OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, Token: rpc.NewSecret(testToken), TokenFile: "/token"},
			[]string{"assume_role_with_oidc", "token and token_file are both set"},
		},
		"nothing":                {OIDCArguments{}, []string{"oidc_provider_arn and role_arn and token or token_file are missing"}},
		"bad provider":           {OIDCArguments{OIDCProviderARN: testRole, RoleARN: testRole, TokenFile: "/token"}, []string{"oidc_provider_arn", "oidc-provider/<name>"}},
		"bad role":               {OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: "deploy", TokenFile: "/token"}, []string{"role_arn", "no role ARN"}},
		"no such file":           {OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, TokenFile: "/none"}, []string{"OIDC token file", "/none"}},
		"empty file":             {OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, TokenFile: "/empty"}, []string{"0 characters"}},
		"huge token":             {literal(strings.Repeat(testToken, 3000)), []string{"27000 characters"}},
		"expired token":          {literal(jwt(testStart)), []string{"expired at 2026-01-02T03:04:05Z", "cannot be renewed"}},
		"expired token in file":  {OIDCArguments{OIDCProviderARN: testOIDCProvider, RoleARN: testRole, TokenFile: "/old"}, []string{"expired at 2026-01-02T02:04:05Z"}},
		"token that STS refuses": {literal(testToken), []string{"assume " + testRole + " with OIDC", errSTSDown.Error()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, err := Resolve(Config{
				Arguments: Arguments{AssumeRoleWithOIDC: &test.args},
				Machine:   testMachine(nil, map[string]string{"/empty": "\n", "/old": jwt(testStart.Add(-time.Hour))}),
				AssumeRoleWithOIDC: func(context.Context, string, AssumeRoleWithOIDCInput) (rpc.Credentials, error) {
					return rpc.Credentials{}, errSTSDown
				},
			})
			if err == nil {
				_, err = source.Credentials(t.Context())
			}
			wantError(t, err, test.want...)
		})
	}
}
