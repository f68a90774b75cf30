resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_access_key" "ci" {
  user_name       = ram_user.ci.name
  rotation_period = "90d"
  require_idle    = "24h"

  lifecycle {
    create_before_destroy = true
  }
}
