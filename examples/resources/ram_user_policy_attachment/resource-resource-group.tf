# On the resources of one resource group only.
resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_user_policy_attachment" "servers" {
  user_name         = ram_user.ci.name
  policy_name       = "AliyunECSFullAccess"
  policy_type       = "System"
  resource_group_id = "rg-example"
}
