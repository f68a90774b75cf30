import {
  to = ram_user.ci
  id = "ci-deploy" # or the user ID, such as "200000000000000001"
}

resource "ram_user" "ci" {
  name = "ci-deploy"
}
