# Users manage their own AccessKeys, each only the own ones, and only those who need to.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {}

data "ram_caller_identity" "current" {}

# Nobody may by default: this switch would let every user of the account.
resource "ram_security_preference" "this" {
  allow_user_to_manage_access_keys = false
}

# Keys that users make themselves are not in Terraform's state, so they go with the user.
resource "ram_user" "creator" {
  name          = "key-creator"
  force_destroy = true
}

resource "ram_user" "manager" {
  name          = "key-manager"
  force_destroy = true
}

# The first AccessKey of each is handed out; from then on they help themselves.
resource "ram_access_key" "creator" {
  user_name = ram_user.creator.name
}

resource "ram_access_key" "manager" {
  user_name = ram_user.manager.name
}

output "creator_key_id" {
  value = ram_access_key.creator.access_key_id
}

output "creator_key_secret" {
  value     = ram_access_key.creator.secret
  sensitive = true
}

output "manager_key_id" {
  value = ram_access_key.manager.access_key_id
}

output "manager_key_secret" {
  value     = ram_access_key.manager.secret
  sensitive = true
}
