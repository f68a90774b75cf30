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

resource "ram_policy" "deploy" {
  name = "deploy-site"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = ["oss:PutObject", "oss:DeleteObject"]
      Resource = "acs:oss:*:*:example-site/*"
    }]
  })
}

# The role has these two policies and no others: whatever else somebody attaches shows in
# the next plan and is detached by its apply.
resource "ram_role_policy_attachments_exclusive" "web_server" {
  role_name = ram_role.web_server.name
  policies = [
    { policy_name = ram_policy.deploy.name, policy_type = "Custom" },
    { policy_name = "AliyunOSSReadOnlyAccess", policy_type = "System" },
  ]

  # So that the role and the policy can be deleted with it.
  detach_on_destroy = true
}
