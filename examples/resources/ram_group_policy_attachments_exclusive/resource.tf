resource "ram_group" "developers" {
  name = "developers"
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

# The group has these two policies and no others: whatever else somebody attaches shows in
# the next plan and is detached by its apply.
resource "ram_group_policy_attachments_exclusive" "developers" {
  group_name = ram_group.developers.name
  policies = [
    { policy_name = ram_policy.deploy.name, policy_type = "Custom" },
    { policy_name = "AliyunOSSReadOnlyAccess", policy_type = "System" },
  ]

  # So that the group and the policy can be deleted with it.
  detach_on_destroy = true
}
