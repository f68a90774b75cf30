import {
  to = ram_user.ci
  identity = {
    user_id = "200000000000000001"
  }
}

resource "ram_user" "ci" {
  name = "ci-deploy"
}
