resource "ram_user" "ci" {
  name = "ci-deploy"
}

# Another month in rotate_when_changed rotates the key. The new key is there before the
# old one is disabled and moved to the recycle bin; a user may have two.
resource "ram_access_key" "ci" {
  user_name = ram_user.ci.name

  rotate_when_changed = {
    month = "2026-01"
  }

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

output "ci_access_key_id" {
  value = ram_access_key.ci.access_key_id
}

output "ci_access_key_secret" {
  value     = ram_access_key.ci.secret
  sensitive = true
}
