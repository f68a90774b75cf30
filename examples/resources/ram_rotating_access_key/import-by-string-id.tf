import {
  to = ram_rotating_access_key.ci
  id = "ci-deploy" # or "ci-deploy/<current>", or "ci-deploy/<current>/<previous>"
}

resource "ram_rotating_access_key" "ci" {
  user_name       = "ci-deploy"
  rotation_period = "90d"
  overlap         = "7d"
}
