package auth

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Every secret value of this package's fixtures contains one of these words, so that a
// single look at a text tells whether it leaks.
const (
	testSecret = "testsecret"
	testToken  = "testtoken"
)

const (
	testKeyID  = "LTAIexample000000000001"
	testKeyID2 = "LTAIexample000000000002"
	testRole   = "acs:ram::1234567890123456:role/deploy"
	testRole2  = "acs:ram::1234567890123456:role/audit"
)

var testStart = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// testMachine is a computer with these variables and files and nothing else. Its home
// directory is /home/me.
func testMachine(env, files map[string]string) Machine {
	return Machine{
		Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		ReadFile: func(path string) ([]byte, error) {
			text, ok := files[filepath.ToSlash(path)]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
			}
			return []byte(text), nil
		},
		FileMode: func(string) (fs.FileMode, error) { return 0o600, nil },
		HomeDir:  func() (string, error) { return "/home/me", nil },
		Clock:    clock.NewFake(testStart),
		HTTP:     http.DefaultTransport,
		Direct:   http.DefaultTransport,
		Jitter:   func() float64 { return 0 },
	}
}

// recordingAssumeRole is an AssumeRoler that answers with a session named after the role and
// the key that signed.
func recordingAssumeRole(c clock.Clock, calls *[]string) AssumeRoler {
	return func(ctx context.Context, base rpc.CredentialsProvider, endpoint string, in AssumeRoleInput) (rpc.Credentials, error) {
		signer, err := base.Credentials(ctx)
		if err != nil {
			return rpc.Credentials{}, err
		}
		_, role, _ := strings.Cut(in.RoleARN, "role/")
		*calls = append(*calls, signer.AccessKeyID+" "+role+" "+endpoint)
		return session("STS."+role, c.Now().Add(in.Duration)), nil
	}
}

func session(id string, end time.Time) rpc.Credentials {
	return rpc.Credentials{
		AccessKeyID: id, AccessKeySecret: rpc.NewSecret(testSecret), SecurityToken: rpc.NewSecret(testToken), Expiration: end,
	}
}

// noSecrets fails if a text shows what it must not.
func noSecrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{testSecret, testToken} {
		if strings.Contains(text, secret) {
			t.Errorf("leaks %q: %s", secret, text)
		}
	}
}

// wantError checks that err says each of the parts and no secret.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one with %q", parts)
	}
	noSecrets(t, err.Error())
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error lacks %q:\n%s", part, err)
		}
	}
}

const homeConfig = "/home/me/.aliyun/config.json"

const twoProfiles = `{"current":"dev","profiles":[
	{"name":"dev","mode":"AK","access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret","region_id":"cn-tokyo"},
	{"name":"prod","mode":"RamRoleArn","access_key_id":"LTAIexample000000000002","access_key_secret":"testsecret",
	 "ram_role_arn":"acs:ram::1234567890123456:role/deploy","ram_session_name":"me","sts_region":"eu-central-1"},
	{"name":"session","mode":"StsToken","access_key_id":"STS.example","access_key_secret":"testsecret","sts_token":"testtoken"},
	{"name":"half","mode":"AK","access_key_id":"LTAIexample000000000001"}],"meta_path":"x"}`

func TestResolveSource(t *testing.T) {
	t.Parallel()
	homeFile := map[string]string{homeConfig: twoProfiles}
	type want struct {
		keyID, token string
		description  string
		current      bool
		refreshes    bool
	}
	for name, test := range map[string]struct {
		args  Arguments
		env   map[string]string
		files map[string]string
		want  want
	}{
		"arguments AK": {
			args: Arguments{AccessKeyID: testKeyID, AccessKeySecret: rpc.NewSecret(testSecret)},
			env:  map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": testToken},
			want: want{keyID: testKeyID, description: "provider argument access_key_id (LTAI****0001)"},
		},
		"arguments StsToken": {
			args: Arguments{AccessKeyID: "STS.example00001", AccessKeySecret: rpc.NewSecret(testSecret), SecurityToken: rpc.NewSecret(testToken)},
			want: want{keyID: "STS.example00001", token: testToken, description: "provider argument access_key_id (STS.****0001)"},
		},
		"profile argument beats keys in the environment": {
			args:  Arguments{Profile: "session"},
			env:   envKeys("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
			files: homeFile,
			want:  want{keyID: "STS.example", token: testToken, description: `profile "session" (mode StsToken) in ` + homeConfig},
		},
		"profile argument beats the profile variable": {
			args:  Arguments{Profile: "dev"},
			env:   map[string]string{"ALIBABA_CLOUD_PROFILE": "session"},
			files: homeFile,
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in ` + homeConfig},
		},
		"config_file argument with its current profile": {
			args:  Arguments{ConfigFile: "~/work.json"},
			files: map[string]string{"/home/me/work.json": twoProfiles},
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in /home/me/work.json`, current: true},
		},
		"config_file argument with skip_default_chain ignores the profile variable": {
			args:  Arguments{ConfigFile: "/work.json", SkipDefaultChain: true},
			env:   map[string]string{"ALIBABA_CLOUD_PROFILE": "session"},
			files: map[string]string{"/work.json": twoProfiles},
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in /work.json`, current: true},
		},
		"environment ALIBABA_CLOUD": {
			env:  envKeys("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
			want: want{keyID: testKeyID, description: "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID (LTAI****0001)"},
		},
		"environment ALIBABACLOUD": {
			env:  envKeys("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET"),
			want: want{keyID: testKeyID, description: "environment variable ALIBABACLOUD_ACCESS_KEY_ID (LTAI****0001)"},
		},
		"environment ALICLOUD, the CLI's spelling": {
			env:  envKeys("ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET"),
			want: want{keyID: testKeyID, description: "environment variable ALICLOUD_ACCESS_KEY_ID (LTAI****0001)"},
		},
		"environment ALICLOUD, the alicloud provider's spelling": {
			env:  envKeys("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"),
			want: want{keyID: testKeyID, description: "environment variable ALICLOUD_ACCESS_KEY (LTAI****0001)"},
		},
		"a token of another family is not taken": {
			env: map[string]string{
				"ALICLOUD_ACCESS_KEY": testKeyID, "ALICLOUD_SECRET_KEY": testSecret,
				"ALIBABA_CLOUD_SECURITY_TOKEN": testToken,
			},
			want: want{keyID: testKeyID, description: "environment variable ALICLOUD_ACCESS_KEY (LTAI****0001)"},
		},
		"the first family wins as a whole": {
			env: map[string]string{
				"ALICLOUD_ACCESS_KEY": testKeyID2, "ALICLOUD_SECRET_KEY": testSecret,
				"ALIBABA_CLOUD_ACCESS_KEY_ID": testKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": testSecret, "ALIBABA_CLOUD_SECURITY_TOKEN": testToken,
			},
			want: want{keyID: testKeyID, token: testToken, description: "environment variable ALIBABA_CLOUD_ACCESS_KEY_ID (LTAI****0001)"},
		},
		"an empty variable is unset": {
			env: map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "",
				"ALICLOUD_ACCESS_KEY": testKeyID, "ALICLOUD_SECRET_KEY": testSecret,
			},
			want: want{keyID: testKeyID, description: "environment variable ALICLOUD_ACCESS_KEY (LTAI****0001)"},
		},
		"a token alone is no credential": {
			env:   map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": testToken},
			files: homeFile,
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in ` + homeConfig, current: true},
		},
		"profile variable ALIBABA_CLOUD_PROFILE comes first": {
			env:   map[string]string{"ALIBABA_CLOUD_PROFILE": "session", "ALIBABACLOUD_PROFILE": "dev", "ALICLOUD_PROFILE": "dev"},
			files: homeFile,
			want:  want{keyID: "STS.example", token: testToken, description: `profile "session" (mode StsToken) in ` + homeConfig},
		},
		"profile variable ALIBABACLOUD_PROFILE comes second": {
			env:   map[string]string{"ALIBABACLOUD_PROFILE": "session", "ALICLOUD_PROFILE": "dev"},
			files: homeFile,
			want:  want{keyID: "STS.example", token: testToken, description: `profile "session" (mode StsToken) in ` + homeConfig},
		},
		"profile variable ALICLOUD_PROFILE comes third": {
			env:   map[string]string{"ALICLOUD_PROFILE": "session"},
			files: homeFile,
			want:  want{keyID: "STS.example", token: testToken, description: `profile "session" (mode StsToken) in ` + homeConfig},
		},
		"config file variable": {
			env:   map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": "/a.json", "ALICLOUD_SHARED_CREDENTIALS_FILE": "/b.json"},
			files: map[string]string{"/a.json": twoProfiles},
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in /a.json`, current: true},
		},
		"config file variable with INI content": {
			env:   map[string]string{"ALIBABA_CLOUD_CREDENTIALS_FILE": "/creds"},
			files: map[string]string{"/creds": "# mine\n[default]\ntype = access_key\naccess_key_id=" + testKeyID + "\naccess_key_secret = testsecret\n"},
			want:  want{keyID: testKeyID, description: `profile "default" (mode AK) in /creds`},
		},
		"current profile of config.json": {
			files: homeFile,
			want:  want{keyID: testKeyID, description: `profile "dev" (mode AK) in ` + homeConfig, current: true},
		},
		"byte order mark, empty mode": {
			files: map[string]string{homeConfig: "\xef\xbb\xbf \n" + `{"current":"a","profiles":[{"name":"a","access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret"}]}`},
			want:  want{keyID: testKeyID, description: `profile "a" (mode AK) in ` + homeConfig, current: true},
		},
		"of two profiles with a name the first wins": {
			files: map[string]string{homeConfig: `{"current":"a","profiles":[
				{"name":"a","mode":"AK","access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret"},
				{"name":"a","mode":"AK","access_key_id":"LTAIexample000000000002","access_key_secret":"testsecret"}]}`},
			want: want{keyID: testKeyID, description: `profile "a" (mode AK) in ` + homeConfig, current: true},
		},
		"a broken profile harms no other": {
			files: map[string]string{homeConfig: `{"current":"a","profiles":[
				{"name":"b","mode":"AK","access_key_id":5,"expired_seconds":"soon"},
				{"name":"a","mode":"AK","access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret"}]}`},
			want: want{keyID: testKeyID, description: `profile "a" (mode AK) in ` + homeConfig, current: true},
		},
		"SDK credentials file last": {
			files: map[string]string{"/home/me/.alibabacloud/credentials": "[default]\ntype=access_key\naccess_key_id=" + testKeyID + "\naccess_key_secret=testsecret"},
			want:  want{keyID: testKeyID, description: `profile "default" (mode AK) in /home/me/.alibabacloud/credentials`},
		},
		"profile of mode RamRoleArn": {
			args:  Arguments{Profile: "prod"},
			files: homeFile,
			want:  want{keyID: "STS.deploy", token: testToken, description: `profile "prod" (mode RamRoleArn) in ` + homeConfig, refreshes: true},
		},
		"role on top of keys": {
			args: Arguments{AccessKeyID: testKeyID, AccessKeySecret: rpc.NewSecret(testSecret), AssumeRole: []RoleArguments{{RoleARN: testRole}}},
			want: want{keyID: "STS.deploy", token: testToken, description: testRole + " assumed by provider argument access_key_id (LTAI****0001)", refreshes: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := Config{Arguments: test.args, Machine: testMachine(test.env, test.files)}
			config.AssumeRole = recordingAssumeRole(config.Machine.Clock, new([]string))
			source, err := Resolve(config)
			if err != nil {
				t.Fatal(err)
			}
			c, err := source.Credentials(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := want{c.AccessKeyID, c.SecurityToken.Reveal(), filepath.ToSlash(source.Description), source.UsesCurrentProfile, source.Refreshes}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("source (-want +got):\n%s", diff)
			}
			if c.Source != source.Description || c.AccessKeySecret.Reveal() != testSecret {
				t.Errorf("credentials say %q and have secret %v, want %q and the fixture's", c.Source, c.AccessKeySecret.Reveal() == testSecret, source.Description)
			}
			if got := source.Refresh(t.Context(), c); got != test.want.refreshes {
				t.Errorf("Refresh says %t, want %t", got, test.want.refreshes)
			}
			noSecrets(t, source.Summary())
		})
	}
}

func envKeys(id, secret string) map[string]string {
	return map[string]string{id: testKeyID, secret: testSecret}
}

func TestResolveError(t *testing.T) {
	t.Parallel()
	homeFile := map[string]string{homeConfig: twoProfiles}
	inProfile := func(keys string) map[string]string {
		return map[string]string{homeConfig: `{"current":"p","profiles":[{"name":"p",` + keys + `}]}`}
	}
	const keyPair = `"access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret"`
	for name, test := range map[string]struct {
		args  Arguments
		env   map[string]string
		files map[string]string
		want  []string
	}{
		"two bases": {
			args: Arguments{AccessKeyID: testKeyID, Profile: "dev", CredentialsURI: rpc.NewSecret("http://127.0.0.1/testsecret")},
			want: []string{"access_key_id and profile and credentials_uri", "only one"},
		},
		"argument id without secret, though the environment has one": {
			args: Arguments{AccessKeyID: testKeyID},
			env:  envKeys("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
			want: []string{"access_key_secret is missing"},
		},
		"argument secret without id": {
			args: Arguments{AccessKeySecret: rpc.NewSecret(testSecret)},
			want: []string{"access_key_id is missing"},
		},
		"argument token alone": {
			args: Arguments{SecurityToken: rpc.NewSecret(testToken)},
			want: []string{"access_key_id and access_key_secret are missing"},
		},
		"families are not combined": {
			env:   map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": testKeyID, "ALICLOUD_SECRET_KEY": testSecret},
			files: homeFile,
			want:  []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing", "provider arguments: none is set"},
		},
		"spellings of one family are not combined": {
			env:  map[string]string{"ALICLOUD_ACCESS_KEY_ID": testKeyID, "ALICLOUD_SECRET_KEY": testSecret},
			want: []string{"ALICLOUD_ACCESS_KEY_SECRET is missing"},
		},
		"half-filled profile does not take the environment": {
			args:  Arguments{Profile: "half"},
			env:   envKeys("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
			files: homeFile,
			want:  []string{`profile "half" (mode AK) in ` + homeConfig, "access_key_secret is missing"},
		},
		"a named profile that is absent lists the names": {
			args:  Arguments{Profile: "staging"},
			files: homeFile,
			want:  []string{`profile "staging" is not in ` + homeConfig, `"dev", "prod", "session", "half"`},
		},
		"profile variable of an absent profile": {
			env:   map[string]string{"ALICLOUD_PROFILE": "staging"},
			files: homeFile,
			want:  []string{"ALICLOUD_PROFILE", `profile "staging" is not in`, "environment AccessKey: no variable"},
		},
		"current profile that is absent": {
			files: map[string]string{homeConfig: `{"current":"x","profiles":[]}`},
			want:  []string{`profile "x" is not in`, "no profiles"},
		},
		"missing file":         {args: Arguments{ConfigFile: "/none.json"}, want: []string{"/none.json", "not exist"}},
		"empty file":           {files: map[string]string{homeConfig: "\n"}, want: []string{homeConfig, "is empty"}},
		"not JSON":             {files: map[string]string{homeConfig: "{\n\"access_key_secret\": testsecret"}, want: []string{"read as JSON", "line 2"}},
		"neither JSON nor INI": {files: map[string]string{homeConfig: "testsecret"}, want: []string{"read as INI", "line 1"}},
		"profiles no array":    {files: map[string]string{homeConfig: `{"profiles":"testsecret"}`}, want: []string{"profiles", "want array"}},
		"profile no object":    {files: map[string]string{homeConfig: `{"profiles":["testsecret"]}`}, want: []string{"profiles[0]", "not the expected JSON object"}},
		"value of wrong type":  {files: inProfile(`"mode":"AK","expired_seconds":"testsecret"`), want: []string{`profile "p"`, "expired_seconds", "want number"}},
		"secret of wrong type": {files: inProfile(`"mode":"AK","access_key_secret":["testsecret"]`), want: []string{`profile "p"`, "access_key_secret", "want string"}},
		"unknown mode": {
			files: inProfile(`"mode":"Magic"`),
			want:  []string{`profile "p"`, `unknown mode "Magic"`, "use one of AK, StsToken, RamRoleArn"},
		},
		"mode in the wrong case": {files: inProfile(`"mode":"ak",` + keyPair), want: []string{`unknown mode "ak" (case matters: AK)`}},
		"empty mode":             {files: inProfile(`"ram_role_name":"x"`), want: []string{`profile "p" in`, "has no mode"}},
		"mode BearerToken":       {files: inProfile(`"mode":"BearerToken","bearer_token":"testtoken"`), want: []string{"BearerToken", "cannot sign", "use one of AK"}},
		"mode Anonymous":         {files: inProfile(`"mode":"Anonymous"`), want: []string{"Anonymous", "cannot sign", "use one of AK"}},
		"mode OIDC where nothing performs the exchange": {
			files: inProfile(`"mode":"OIDC"`), want: []string{`profile "p"`, "mode OIDC cannot be used", "use one of AK"},
		},
		"mode StsToken without a token": {
			files: inProfile(`"mode":"StsToken",` + keyPair), want: []string{"(mode StsToken)", "sts_token is missing"},
		},
		"mode RamRoleArn without a role": {
			files: inProfile(`"mode":"RamRoleArn",` + keyPair), want: []string{"(mode RamRoleArn)", "ram_role_arn is missing"},
		},
		"mode RamRoleArn with a bad session name": {
			files: inProfile(`"mode":"RamRoleArn",` + keyPair + `,"ram_role_arn":"` + testRole + `","ram_session_name":"a b"`),
			want:  []string{"ram_session_name", "2 to 64"},
		},
		"role argument without an ARN": {
			args: Arguments{Profile: "dev", AssumeRole: []RoleArguments{{RoleARN: testRole}, {}}}, files: homeFile,
			want: []string{"assume_role[1]", "role_arn is missing"},
		},
		"role argument with a bad duration": {
			args: Arguments{Profile: "dev", AssumeRole: []RoleArguments{{RoleARN: testRole, DurationSeconds: 60}}}, files: homeFile,
			want: []string{"assume_role[0]", "duration_seconds", "900 to 43200"},
		},
		"role argument with a bad external id": {
			args: Arguments{Profile: "dev", AssumeRole: []RoleArguments{{RoleARN: testRole, ExternalID: testSecret + "!"}}}, files: homeFile,
			want: []string{"external_id"},
		},
		"INI type that is not supported": {
			files: map[string]string{"/home/me/.alibabacloud/credentials": "[default]\ntype=bearer\nbearer_token=testtoken"},
			want:  []string{"section [default]", `type "bearer"`},
		},
		"INI section that is half filled": {
			files: map[string]string{"/home/me/.alibabacloud/credentials": "[default]\ntype=ram_role_arn\naccess_key_id=x\naccess_key_secret=testsecret"},
			want:  []string{"role_arn and role_session_name are missing"},
		},
		"skip_default_chain without an argument": {
			args: Arguments{SkipDefaultChain: true}, files: homeFile,
			want: []string{"no credentials found", "skip_default_chain"},
		},
		"nothing anywhere": {
			env: map[string]string{"ALIBABA_CLOUD_ROLE_ARN": testRole},
			want: []string{
				"no credentials found", "provider arguments: none is set", "environment AccessKey: no variable such as ALIBABA_CLOUD_ACCESS_KEY_ID",
				"environment OIDC: ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE are missing",
				"environment profile: no variable", "environment credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set",
				"config.json: " + homeConfig + " does not exist", "credentials file: /home/me/.alibabacloud/credentials does not exist",
				"ECS metadata: ALIBABA_CLOUD_ECS_METADATA is not set",
			},
		},
		"profiles switched off": {
			env: map[string]string{"ALIBABA_CLOUD_IGNORE_PROFILE": "TRUE", "ALIBABA_CLOUD_PROFILE": "dev"}, files: homeFile,
			want: []string{"no credentials found", "ALIBABA_CLOUD_IGNORE_PROFILE switches profiles off"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Resolve(Config{Arguments: test.args, Machine: testMachine(test.env, test.files)})
			wantError(t, err, test.want...)
		})
	}
}

func TestResolveNothingFoundCanBeRecognised(t *testing.T) {
	t.Parallel()
	_, err := Resolve(Config{Machine: testMachine(nil, nil)})
	if !errors.Is(err, ErrNoCredentials) {
		t.Errorf("got %v, want ErrNoCredentials", err)
	}
}

// Every mode the CLI has is known; the ones without a builder say which would work.
func TestModesAreFourteen(t *testing.T) {
	t.Parallel()
	all := []string{
		"AK", "StsToken", "RamRoleArn", "RamRoleArnWithRoleName", "EcsRamRole", "External", "ChainableRamRoleArn",
		"CredentialsURI", "OIDC", "CloudSSO", "OAuth", "RsaKeyPair", "BearerToken", "Anonymous",
	}
	for _, name := range all {
		m, err := new(resolver).findMode(name)
		switch {
		case err == nil && m.build == nil:
			t.Errorf("%s has neither builder nor error", name)
		case err != nil:
			wantError(t, err, "mode "+name+" cannot be used: ", "use one of AK")
		}
	}
	if got := len(modes()); got != len(all) {
		t.Errorf("there are %d modes, want %d", got, len(all))
	}
}

func TestResolveWarnings(t *testing.T) {
	t.Parallel()
	open := func(string) (fs.FileMode, error) { return 0o644, nil }
	for name, test := range map[string]struct {
		env     map[string]string
		file    string
		mode    func(string) (fs.FileMode, error)
		windows bool
		want    []string
	}{
		"private file":                      {file: twoProfiles},
		"file others can read":              {file: twoProfiles, mode: open, want: []string{"Other users of this machine can read your credentials"}},
		"on Windows the bits say nothing":   {file: twoProfiles, mode: open, windows: true},
		"a file without secrets":            {file: `{"current":"a","profiles":[{"name":"a","mode":"EcsRamRole"}]}`, mode: open},
		"deprecated names of the AccessKey": {env: envKeys("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"), want: []string{"Deprecated environment variable ALICLOUD_ACCESS_KEY"}},
		"deprecated name of the profile":    {env: map[string]string{"ALICLOUD_PROFILE": "dev"}, file: twoProfiles, want: []string{"Deprecated environment variable ALICLOUD_PROFILE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(test.env, map[string]string{homeConfig: test.file})
			machine.Windows = test.windows
			if test.mode != nil {
				machine.FileMode = test.mode
			}
			source, err := Resolve(Config{Machine: machine})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range source.Warnings {
				got = append(got, w.Summary)
				noSecrets(t, w.Detail)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("warnings are %q, want %q", got, test.want)
			}
		})
	}
}

func TestSummarySaysWhyAndWhatCameBefore(t *testing.T) {
	t.Parallel()
	source, err := Resolve(Config{Machine: testMachine(envKeys("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"), nil)})
	if err != nil {
		t.Fatal(err)
	}
	want := "using environment variable ALICLOUD_ACCESS_KEY (LTAI****0001), chosen by environment AccessKey: ALICLOUD_ACCESS_KEY is set; not from provider arguments: none is set"
	if got := source.Summary(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMaskKeyID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{testKeyID: "LTAI****0001", "STS.abcdefgh1234": "STS.****1234", "short": "****", "": "****"} {
		if got := MaskKeyID(id); got != want {
			t.Errorf("MaskKeyID(%q) = %q, want %q", id, got, want)
		}
	}
}
