import {
  to = ram_access_key_network_policy.ci
  identity = {
    access_key_id = "LTAIexample000000000001"
  }
}

resource "ram_access_key_network_policy" "ci" {
  access_key_id = "LTAIexample000000000001"
  statements    = [{ type = "ClassicWhiteList", ip_list = ["203.0.113.0/24"] }]
}
