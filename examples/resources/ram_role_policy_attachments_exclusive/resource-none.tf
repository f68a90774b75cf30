# A role that holds no policy for the whole account, ever.
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

resource "ram_role_policy_attachments_exclusive" "web_server" {
  role_name = ram_role.web_server.name
  policies  = []
}
