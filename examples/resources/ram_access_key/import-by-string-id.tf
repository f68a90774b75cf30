import {
  to = ram_access_key.ci
  id = "LTAIexample000000000001" # or "ci-deploy/LTAIexample000000000001"
}

resource "ram_access_key" "ci" {
  user_name = "ci-deploy"
}
