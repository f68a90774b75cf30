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

# Each of several policies with an attachment of its own.
resource "ram_role_policy_attachment" "web_server" {
  for_each = toset(["AliyunOSSReadOnlyAccess", "AliyunARMSReadOnlyAccess"])

  role_name   = ram_role.web_server.name
  policy_name = each.value
  policy_type = "System"
}
