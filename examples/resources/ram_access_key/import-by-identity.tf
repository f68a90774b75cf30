import {
  to = ram_access_key.ci
  identity = {
    access_key_id = "LTAIexample000000000001"
  }
}

resource "ram_access_key" "ci" {
  user_name = "ci-deploy"
}
