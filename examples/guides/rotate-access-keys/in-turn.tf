resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_rotating_access_key" "ci" {
  user_name       = ram_user.ci.name
  rotation_period = "90d"
  overlap         = "7d"
  quarantine      = "2d"
}

output "ci_access_key_id" {
  value = ram_rotating_access_key.ci.current.access_key_id
}
