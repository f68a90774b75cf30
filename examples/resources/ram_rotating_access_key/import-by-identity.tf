# For a user with only one key.
import {
  to = ram_rotating_access_key.ci
  identity = {
    user_id = "200000000000000001"
  }
}

resource "ram_rotating_access_key" "ci" {
  user_name       = "ci-deploy"
  rotation_period = "90d"
  overlap         = "7d"
}
