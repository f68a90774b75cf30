package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
	"github.com/ramprovider/terraform-provider-ram/internal/sealing"
)

// Two further providers work with what ephemeral resources hand them: a decrypted key,
// and a session of a role.
const ephemeralConfig = `
terraform {
  required_providers {
    ram = { source = "ramprovider/ram" }
  }
}

variable "key_id" {}
variable "encrypted_secret" {}
variable "role_arn" {}
variable "identity_file" {}

provider "ram" {
  endpoints = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
  %[2]s
}

ephemeral "ram_decrypted_secret" "by_variable" {
  encrypted_secret = var.encrypted_secret
}
ephemeral "ram_decrypted_secret" "by_file" {
  encrypted_secret = var.encrypted_secret
  identity_file    = var.identity_file
}
ephemeral "ram_assume_role" "operator" {
  role_arn = var.role_arn
}

provider "ram" {
  alias             = "by_variable"
  access_key_id     = var.key_id
  access_key_secret = ephemeral.ram_decrypted_secret.by_variable.secret
  endpoints         = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
}
provider "ram" {
  alias             = "by_file"
  access_key_id     = var.key_id
  access_key_secret = ephemeral.ram_decrypted_secret.by_file.secret
  endpoints         = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
}
provider "ram" {
  alias             = "operator"
  access_key_id     = ephemeral.ram_assume_role.operator.access_key_id
  access_key_secret = ephemeral.ram_assume_role.operator.access_key_secret
  security_token    = ephemeral.ram_assume_role.operator.security_token
  endpoints         = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
}

data "ram_caller_identity" "by_variable" {
  provider = ram.by_variable
}
data "ram_caller_identity" "by_file" {
  provider = ram.by_file
}
resource "ram_user" "made_by_the_operator" {
  provider = ram.operator
  name     = "made"
}
output "callers" {
  value = "${data.ram_caller_identity.by_variable.arn} ${data.ram_caller_identity.by_file.arn}"
}
`

// What ephemeral resources hand on arrives, and is in no plan, state, log or output.
// Terraform opens each once in a plan, and once more in the apply.
func TestAccEphemeral_handsSecretsOn(t *testing.T) {
	t.Parallel()
	s := newSecretRun(t, buildProvider(t))
	assume(t, s.env)
	s.env.Emulator.ResetRequests()
	key := s.env.UserKey(t, "handed")
	identity, err := age.GenerateX25519Identity()
	acctest.Must(t, err)
	sealer, err := sealing.ParseAgeRecipients([]string{identity.Recipient().String()})
	acctest.Must(t, err)
	sealed, err := sealer.Seal(rpc.NewSecret(key.Secret))
	acctest.Must(t, err)
	identityFile := filepath.Join(s.home, "identity.txt")
	acctest.Must(t, os.WriteFile(identityFile, []byte(identity.String()), 0o600))

	s.plant(key.Secret, identity.String(), s.env.Admin.Secret)
	s.config = ephemeralConfig
	s.variables = map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": s.env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": s.env.Admin.Secret,
		"RAM_AGE_IDENTITY": identity.String(), "TF_VAR_identity_file": identityFile,
		"TF_VAR_key_id": key.ID, "TF_VAR_encrypted_secret": sealed,
		"TF_VAR_role_arn": fmt.Sprintf("acs:ram::%s:role/operator", s.env.AccountID),
	}
	s.start()
	for _, phase := range []struct {
		arguments string
		sessions  int
	}{
		{"plan -no-color -out=saved.plan", 1},
		{"show -no-color -json saved.plan", 0},
		{"apply -no-color saved.plan", 1},
		{"apply -no-color -auto-approve", 2},
		{"show -no-color -json", 0},
	} {
		before := s.env.Emulator.Count("AssumeRole")
		s.terraform(0, strings.Fields(phase.arguments)...)
		if got := s.env.Emulator.Count("AssumeRole") - before; got != phase.sessions {
			t.Errorf("terraform %s opened %d sessions, want %d", phase.arguments, got, phase.sessions)
		}
	}
	s.terraform(0, "destroy", "-no-color", "-auto-approve")
	if want := strings.Repeat("acs:ram::"+s.env.AccountID+":user/handed ", 2); !strings.Contains(s.output.String(), strings.TrimSpace(want)) {
		t.Errorf("the output lacks %q:\n%s", want, s.output.String())
	}
	if len(s.issued.all()) < 4 {
		t.Error("Terraform was not given the sessions that are looked for")
	}
	s.search()

	delete(s.variables, "RAM_AGE_IDENTITY")
	s.terraform(1, "plan", "-no-color")
	if want := "No age identity to decrypt the secret with"; !strings.Contains(s.output.String(), want) {
		t.Errorf("without the identity, the output lacks %q", want)
	}
}
