package provider_test

import (
	"net/http"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

const loginConfig = `
terraform {
  required_providers {
    ram = { source = "ramprovider/ram" }
  }
}

variable "password" {
  type      = string
  ephemeral = true
}
variable "password_version" { default = "1" }

provider "ram" {
  endpoints = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
  %[2]s
}

resource "ram_user" "alice" {
  name = "alice"
}
resource "ram_login_profile" "alice" {
  user_name           = ram_user.alice.name
  password_wo         = var.password
  password_wo_version = var.password_version
}
`

// Passwords of logins are nowhere at all: neither those that are set, nor those that the
// service refuses, nor one whose answer was lost.
func TestAccSecrets_passwordsOfLogins(t *testing.T) {
	t.Parallel()
	const first, second, weak = "planted-First-Password-1", "planted-Second-Password-2", "wK#7x"
	s := newSecretRun(t, buildProvider(t))
	s.config = loginConfig
	s.variables = map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": s.env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": s.env.Admin.Secret}
	s.plant(first, second, weak, s.env.Admin.Secret)
	s.start()
	with := func(password string) { s.variables["TF_VAR_password"] = password }

	with(weak)
	s.terraform(1, "apply", "-no-color", "-auto-approve")
	with(first)
	s.terraform(0, "plan", "-no-color", "-out=first.plan")
	s.terraform(0, "show", "-no-color", "-json", "first.plan")
	s.env.Emulator.Fail("CreateLoginProfile", emulator.CommitThenReset())
	s.terraform(0, "apply", "-no-color", "-auto-approve")
	with(second)
	s.env.Emulator.Fail("UpdateLoginProfile", emulator.Refuse(http.StatusBadRequest, "SignatureDoesNotMatch", "string to sign is: "+second))
	s.terraform(1, "apply", "-no-color", "-auto-approve", "-var=password_version=2")
	s.terraform(0, "apply", "-no-color", "-auto-approve", "-var=password_version=2")
	s.terraform(0, "destroy", "-no-color", "-auto-approve", "-var=password_version=2")
	if got := s.env.Emulator.Count("UpdateLoginProfile"); got < 2 {
		t.Errorf("the password was set anew %d times, want 2 at least: nothing was tested", got)
	}
	s.search()
}
