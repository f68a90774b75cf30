package auth

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// link is a profile of mode ChainableRamRoleArn.
func link(name, source, role, more string) string {
	return fmt.Sprintf(`{"name":%q,"mode":"ChainableRamRoleArn","source_profile":%q,"ram_role_arn":"acs:ram::1234567890123456:role/%s"%s}`, name, source, role, more)
}

func chainFile(profiles ...string) map[string]string {
	return map[string]string{homeConfig: `{"current":"top","profiles":[` + strings.Join(profiles, ",") + `]}`}
}

const keyProfile = `{"name":"key","mode":"AK","access_key_id":"LTAIexample000000000001","access_key_secret":"testsecret","region_id":"cn-tokyo"}`

func TestChainOfTwoLinks(t *testing.T) {
	t.Parallel()
	machine := testMachine(nil, chainFile(
		link("top", "middle", "audit", `,"sts_region":"cn-shanghai","access_key_id":"ignored"`),
		link("middle", "key", "deploy", `,"expired_seconds":900`), keyProfile))
	var calls []string
	source, err := Resolve(Config{Machine: machine, AssumeRole: recordingAssumeRole(machine.Clock, &calls)})
	if err != nil {
		t.Fatal(err)
	}
	mustCredentials(t, source)
	want := []string{testKeyID + " deploy https://sts.aliyuncs.com", "STS.deploy audit https://sts.cn-shanghai.aliyuncs.com"}
	// The middle link has no region of its own, and takes none from its source.
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("exchanges (-want +got):\n%s", diff)
	}
	if got, want := source.Description, `profile "top" (mode ChainableRamRoleArn) in `+homeConfig; got != want {
		t.Errorf("description is %s, want %s", got, want)
	}
	if !source.UsesCurrentProfile || source.Base.UsesCurrentProfile {
		t.Error("want only the top profile to be the current one")
	}

	// The source's quarter of an hour ends long before the target's hour: at the
	// target's renewal the source is renewed too, and not before.
	calls = nil
	machine.Clock.(*clock.Fake).Advance(20 * time.Minute)
	mustCredentials(t, source)
	if len(calls) != 0 {
		t.Errorf("exchanges after 20 minutes: %q, want none", calls)
	}
	machine.Clock.(*clock.Fake).Advance(30 * time.Minute)
	mustCredentials(t, source)
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("exchanges after 50 minutes (-want +got):\n%s", diff)
	}
}

// A chain may begin at any mode that gives an AccessKey or a session.
func TestChainOverEachSourceMode(t *testing.T) {
	t.Parallel()
	keyPairPEM, _ := json.Marshal(testKeys().pkcs8)
	for mode, keys := range map[string]string{
		"CloudSSO":               cloudSSOKeys("https://signin.example.com", testStart),
		"OAuth":                  oauthKeys(1, testStart),
		"RsaKeyPair":             `"key_pair_name":"x","private_key":` + string(keyPairPEM),
		"AK":                     `"access_key_id":"a","access_key_secret":"testsecret"`,
		"StsToken":               `"access_key_id":"a","access_key_secret":"testsecret","sts_token":"testtoken"`,
		"RamRoleArn":             `"access_key_id":"a","access_key_secret":"testsecret","ram_role_arn":"` + testRole + `"`,
		"EcsRamRole":             `"ram_role_name":"r"`,
		"RamRoleArnWithRoleName": `"ram_role_name":"r","ram_role_arn":"` + testRole + `"`,
		"External":               `"process_command":"tool"`,
		"CredentialsURI":         `"credentials_uri":"http://127.0.0.1:1/"`,
		"OIDC":                   `"oidc_provider_arn":"acs:ram::1:oidc-provider/p","oidc_token_file":"/t","ram_role_arn":"` + testRole + `"`,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			machine := testMachine(nil, chainFile(link("top", "base", "audit", ""), fmt.Sprintf(`{"name":"base","mode":%q,%s}`, mode, keys)))
			source, err := Resolve(Config{
				Machine: machine, AssumeRole: recordingAssumeRole(machine.Clock, new([]string)), AssumeRoleWithOIDC: answeringOIDC(machine.Clock, nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			// Whoever prints a source, on whatever level of logging, shows no secret.
			noSecrets(t, fmt.Sprintf("%+v %#v %+v %s", source, source.Base, source.Base.provider, source.Summary()))
			if cache, ok := source.Base.provider.(*Cache); ok {
				noSecrets(t, fmt.Sprintf("%+v %#v", cache.source, cache.source))
			}
			if got, want := source.Base.Description, fmt.Sprintf(`profile "base" (mode %s) in %s`, mode, homeConfig); got != want {
				t.Errorf("base is %s, want %s", got, want)
			}
		})
	}
}

func TestChainFaults(t *testing.T) {
	t.Parallel()
	var long []string
	for i := range maxSourceProfiles + 1 {
		name := fmt.Sprintf("p%d", i)
		if i == 0 {
			name = "top"
		}
		long = append(long, link(name, fmt.Sprintf("p%d", i+1), "r", ""))
	}
	for name, test := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"cycle of one":   {chainFile(link("top", "top", "r", "")), []string{`profile "top"`, "cycle: top -> top"}},
		"cycle of two":   {chainFile(link("top", "b", "r", ""), link("b", "top", "r", "")), []string{"cycle: top -> b -> top"}},
		"cycle below":    {chainFile(link("top", "b", "r", ""), link("b", "c", "r", ""), link("c", "b", "r", "")), []string{"cycle: b -> c -> b"}},
		"too long":       {chainFile(long...), []string{"longer than 10", "top -> p1 -> p2"}},
		"missing source": {chainFile(link("top", "b", "r", ""), keyProfile), []string{`profile "top"`, `source "b"`, `profile "b" is not in`, `"top", "key"`}},
		"no source":      {chainFile(link("top", "", "r", "")), []string{"source_profile is missing"}},
		"refused source": {
			chainFile(link("top", "b", "r", ""), `{"name":"b","mode":"BearerToken"}`),
			[]string{`profile "top"`, `source "b"`, `profile "b"`, "mode BearerToken cannot be used"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Resolve(Config{Machine: testMachine(nil, test.files)})
			wantError(t, err, test.want...)
		})
	}
}
