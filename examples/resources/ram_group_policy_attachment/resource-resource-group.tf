# The developers manage the servers of one project: those in its resource group.
resource "ram_group" "developers" {
  name = "developers"
}

resource "ram_group_policy_attachment" "servers" {
  group_name        = ram_group.developers.name
  policy_name       = "AliyunECSFullAccess"
  policy_type       = "System"
  resource_group_id = "rg-example"
}
