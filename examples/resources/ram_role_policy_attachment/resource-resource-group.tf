# On the resources of one resource group only.
resource "ram_role" "web_server" {
  name = "web-server"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["ecs.aliyuncs.com"] }
    }]
  })
}

resource "ram_role_policy_attachment" "servers" {
  role_name         = ram_role.web_server.name
  policy_name       = "AliyunECSFullAccess"
  policy_type       = "System"
  resource_group_id = "rg-example"
}
