resource "ram_user" "ci" {
  name = "ci-deploy"
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

# A policy of your own. Renaming the user moves the attachment along.
resource "ram_user_policy_attachment" "deploy" {
  user_name   = ram_user.ci.name
  policy_name = ram_policy.deploy.name
  policy_type = "Custom"
}

# A policy made by Alibaba Cloud.
resource "ram_user_policy_attachment" "read" {
  user_name   = ram_user.ci.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}
