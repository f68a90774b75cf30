# Acts as whomever the test configures the provider for. What the service refuses fails the
# check, which a run can expect.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

check "signs_in" {
  data "ram_caller_identity" "this" {}

  assert {
    condition     = data.ram_caller_identity.this.account_id != ""
    error_message = "The credentials open nothing."
  }
}

check "reads_users" {
  data "ram_user" "app" {
    name = "app"
  }

  assert {
    condition     = data.ram_user.app.name == "app"
    error_message = "The users cannot be read."
  }
}
