package application_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

const (
	applicationType = "ram_external_application"
	assignmentType  = "ram_application_assignment"

	// reports is a third party's application that the emulator knows in these tests.
	reports = "4000000000000000001"

	trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1000000000000001:root"}}]}`
)

func withReports(c *emulator.Config) { c.ForeignApplications = map[string]string{reports: "reports"} }

var (
	cli     = attributes{"app": "official-cli", "site": "CN"}
	toAlice = attributes{"app_id": emulator.OfficialCLICN, "principal_type": "user", "principal_name": "alice"}
	toOps   = attributes{"app_id": emulator.OfficialCLICN, "principal_type": "role", "principal_name": "ops"}
)

// install installs official-cli as an administrator's consent does.
func install(t testing.TB, env *acctest.Env) {
	t.Helper()
	_, err := env.Client.ProvisionExternalApplication(t.Context(), emulator.OfficialCLICN, []string{"openid", "/internal/ram/usersts"})
	acctest.Must(t, err)
}

// populate makes the user alice and the role ops, and installs official-cli.
func populate(t testing.TB, env *acctest.Env) {
	t.Helper()
	install(t, env)
	env.MakeUser(t, "alice")
	_, err := env.Client.CreateRole(t.Context(), ramclient.CreateRoleInput{RoleName: "ops", AssumeRolePolicyDocument: trust})
	acctest.Must(t, err)
	env.Clock.Advance(time.Minute)
}

// requireOne fails the test unless exactly one text is there, with all the parts.
func requireOne(t *testing.T, what string, texts []string, parts ...string) {
	t.Helper()
	if len(texts) != 1 {
		t.Fatalf("%s: got %q, want one text", what, texts)
	}
	for _, part := range parts {
		if !strings.Contains(texts[0], part) {
			t.Errorf("%s lacks %q:\n%s", what, part, texts[0])
		}
	}
}
