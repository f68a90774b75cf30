resource "ram_user" "ci" {
  name = "ci-deploy"
}

# Another month in rotate_when_changed rotates the key, and so does its age. The new key
# is there before the old one is disabled and moved to the recycle bin, unless something used it
# in the last day; a user may have two.
resource "ram_access_key" "ci" {
  user_name = ram_user.ci.name

  rotate_when_changed = {
    month = "2026-01"
  }
  rotation_period = "90d"
  require_idle    = "24h"

  lifecycle {
    create_before_destroy = true
  }
}

# A key that is kept ready, but switched off until it is needed.
resource "ram_access_key" "spare" {
  user_name  = ram_user.ci.name
  status     = "Inactive"
  on_destroy = "purge"
}

# A key whose secret the state holds only encrypted, for whoever has the private key.
resource "ram_user" "partner" {
  name = "partner"
}

resource "ram_access_key" "partner" {
  user_name      = ram_user.partner.name
  age_recipients = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHSEpTZ5M2PF3bBs8m5oM4yrqHvpwH8/AIUyBNFXrG4u partner@example.com"]
  on_recycled    = "restore"
}

output "partner_encrypted_secret" {
  value = ram_access_key.partner.encrypted_secret
}

output "ci_access_key_id" {
  value = ram_access_key.ci.access_key_id
}

output "ci_access_key_secret" {
  value     = ram_access_key.ci.secret
  sensitive = true
}
