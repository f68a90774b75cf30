resource "ram_user" "ci" {
  name = "ci-deploy"
}

# A new key every 90 days. The old one works for another week, is disabled for two days,
# and then goes to the recycle bin. Something has to apply this regularly, such as a daily
# job: each step needs an apply.
resource "ram_rotating_access_key" "ci" {
  user_name       = ram_user.ci.name
  rotation_period = "90d"
  overlap         = "7d"
  quarantine      = "2d"
  require_idle    = "24h" # a key that was used in the last day is not disabled yet

  # Another value rotates at once.
  rotate_when_changed = {
    incident = "none"
  }
}

output "ci_access_key_id" {
  value = ram_rotating_access_key.ci.current.access_key_id
}

output "ci_access_key_secret" {
  value     = ram_rotating_access_key.ci.current.secret
  sensitive = true
}

output "ci_next" {
  value = "${ram_rotating_access_key.ci.next_action} at ${ram_rotating_access_key.ci.next_action_at}"
}
