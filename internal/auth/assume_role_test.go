package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func TestValidateRoleInputs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err error
		ok  bool
	}{
		"role ARN":                     {ValidateRoleARN(testRole), true},
		"role ARN of a user":           {ValidateRoleARN("acs:ram::1234567890123456:user/deploy"), false},
		"role ARN without account":     {ValidateRoleARN("acs:ram:::role/deploy"), false},
		"role ARN with masked account": {ValidateRoleARN("acs:ram::1234****:role/deploy"), false},
		"role ARN without name":        {ValidateRoleARN("acs:ram::1234567890123456:role/"), false},
		"session name of 2":            {ValidateSessionName("a1"), true},
		"session name of 64":           {ValidateSessionName(strings.Repeat("a", 64)), true},
		"session name with .@-_":       {ValidateSessionName("a.b@c-d_e"), true},
		"session name of 1":            {ValidateSessionName("a"), false},
		"session name of 65":           {ValidateSessionName(strings.Repeat("a", 65)), false},
		"session name with a slash":    {ValidateSessionName("a/b"), false},
		"duration of 899":              {ValidateSessionDuration(899), false},
		"duration of 900":              {ValidateSessionDuration(900), true},
		"duration of 43200":            {ValidateSessionDuration(43200), true},
		"duration of 43201":            {ValidateSessionDuration(43201), false},
		"external id of 1":             {ValidateExternalID("a"), false},
		"external id of 2":             {ValidateExternalID("a1"), true},
		"external id of 1224":          {ValidateExternalID(strings.Repeat("a", 1224)), true},
		"external id of 1225":          {ValidateExternalID(strings.Repeat("a", 1225)), false},
		"external id with all signs":   {ValidateExternalID("a_+=,.@:/-"), true},
		"external id with a space":     {ValidateExternalID("a b"), false},
		"policy of 0":                  {ValidateSessionPolicy(""), false},
		"policy of 2048 characters":    {ValidateSessionPolicy(strings.Repeat("é", 2048)), true},
		"policy of 2049":               {ValidateSessionPolicy(strings.Repeat("a", 2049)), false},
	} {
		if got := test.err == nil; got != test.ok {
			t.Errorf("%s: accepted is %t, want %t (%v)", name, got, test.ok, test.err)
		}
	}
}

func TestAssumeRoleSendsWhatWasConfigured(t *testing.T) {
	t.Parallel()
	const key = `"access_key_id":"LTAIexample000000000002","access_key_secret":"testsecret"`
	for name, test := range map[string]struct {
		args    Arguments
		profile string
		want    AssumeRoleInput
		host    string
		token   string
	}{
		"profile with defaults": {
			profile: `"mode":"RamRoleArn",` + key + `,"ram_role_arn":"` + testRole + `"`,
			want:    AssumeRoleInput{RoleARN: testRole, SessionName: "terraform", Duration: time.Hour},
			host:    "https://sts.aliyuncs.com",
		},
		"profile with everything": {
			profile: `"mode":"RamRoleArn",` + key + `,"sts_token":"testtoken","ram_role_arn":"` + testRole + `","ram_session_name":"me",
				"external_id":"id-1","expired_seconds":900,"policy":"{}","sts_region":"cn-shanghai","enable_vpc":true,"region_id":"cn-tokyo"`,
			want:  AssumeRoleInput{RoleARN: testRole, SessionName: "me", ExternalID: "id-1", Policy: "{}", Duration: 15 * time.Minute},
			host:  "https://sts-vpc.cn-shanghai.aliyuncs.com",
			token: testToken,
		},
		"argument over a profile uses the profile's STS": {
			args: Arguments{AssumeRole: []RoleArguments{{
				RoleARN: testRole, SessionName: "ci", ExternalID: "id-2", Policy: "{}", DurationSeconds: 7200,
			}}},
			profile: `"mode":"AK",` + key + `,"sts_endpoint":"http://127.0.0.1:8080/sts"`,
			want:    AssumeRoleInput{RoleARN: testRole, SessionName: "ci", ExternalID: "id-2", Policy: "{}", Duration: 2 * time.Hour},
			host:    "http://127.0.0.1:8080/sts",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(nil, map[string]string{homeConfig: `{"current":"p","profiles":[{"name":"p",` + test.profile + `}]}`})
			var got AssumeRoleInput
			var host, token string
			source, err := Resolve(Config{Arguments: test.args, Machine: machine, AssumeRole: func(
				ctx context.Context, base rpc.CredentialsProvider, endpoint string, in AssumeRoleInput,
			) (rpc.Credentials, error) {
				signer, err := base.Credentials(ctx)
				got, host, token = in, endpoint, signer.SecurityToken.Reveal()
				return session("STS.1", machine.Clock.Now().Add(in.Duration)), err
			}})
			if err != nil {
				t.Fatal(err)
			}
			mustCredentials(t, source)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("input (-want +got):\n%s", diff)
			}
			if host != test.host || token != test.token {
				t.Errorf("sent to %s with token %t, want %s, %t", host, token != "", test.host, test.token != "")
			}
			if source.RoleARN != testRole || source.Base == nil || source.Base.Base != nil {
				t.Errorf("source has role %q and base %v, want %q over one base", source.RoleARN, source.Base, testRole)
			}
		})
	}
}

func TestAssumeRoleListIsAChain(t *testing.T) {
	t.Parallel()
	machine := testMachine(nil, nil)
	var calls []string
	source, err := Resolve(Config{
		Arguments: Arguments{
			AccessKeyID: testKeyID, AccessKeySecret: rpc.NewSecret(testSecret),
			AssumeRole: []RoleArguments{{RoleARN: testRole}, {RoleARN: testRole2}},
		},
		Endpoints:  EndpointConfig{STSRegion: "cn-beijing"},
		Machine:    machine,
		AssumeRole: recordingAssumeRole(machine.Clock, &calls),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := mustCredentials(t, source).AccessKeyID; got != "STS.audit" {
		t.Errorf("got %s, want STS.audit", got)
	}
	want := []string{testKeyID + " deploy https://sts.cn-beijing.aliyuncs.com", "STS.deploy audit https://sts.cn-beijing.aliyuncs.com"}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("exchanges (-want +got):\n%s", diff)
	}
	if got := mustCredentials(t, source.Base.Base).AccessKeyID; got != testKeyID {
		t.Errorf("the innermost base is %s, want %s", got, testKeyID)
	}
}

func TestAssumeRoleFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seconds int64
		answer  rpc.Credentials
		err     error
		want    []string
	}{
		"refused":             {err: errSTSDown, want: []string{"profile \"dev\"", "assume " + testRole, errSTSDown.Error(), "provider arguments: profile is set"}},
		"refused, long":       {seconds: 7200, err: errSTSDown, want: []string{"2h0m0s", "MaxSessionDuration"}},
		"answer without end":  {answer: session("STS.1", time.Time{}), want: []string{"lacks a part"}},
		"answer without id":   {answer: session("", testStart.Add(time.Hour)), want: []string{"lacks a part"}},
		"answer that expired": {answer: session("STS.1", testStart.Add(-time.Hour)), want: []string{"ended at 2026-01-02T02:04:05Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, err := Resolve(Config{
				Arguments: Arguments{Profile: "dev", AssumeRole: []RoleArguments{{RoleARN: testRole, DurationSeconds: test.seconds}}},
				Machine:   testMachine(nil, map[string]string{homeConfig: twoProfiles}),
				AssumeRole: func(context.Context, rpc.CredentialsProvider, string, AssumeRoleInput) (rpc.Credentials, error) {
					return test.answer, test.err
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(t.Context())
			wantError(t, err, test.want...)
			if test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("the cause cannot be found in %v", err)
			}
		})
	}
}
