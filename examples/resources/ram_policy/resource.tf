# What a program that reads reports from one OSS bucket needs, and nothing more.
resource "ram_policy" "report_reader" {
  name        = "report-reader"
  description = "Reads the reports in OSS, from the office network only."

  policy_document = jsonencode({
    Version = "1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "oss:ListObjects"
        Resource = "acs:oss:*:*:example-reports"
      },
      {
        Effect    = "Allow"
        Action    = "oss:GetObject"
        Resource  = "acs:oss:*:*:example-reports/*"
        Condition = { IpAddress = { "acs:SourceIp" = "203.0.113.0/24" } }
      },
    ]
  })

  # The document in force and the two before it can be looked up.
  keep_versions = 3

  tags = {
    team = "finance"
  }
}

# The same language, built and checked statement by statement.
data "ram_policy_document" "own_keys" {
  statement {
    actions   = ["ram:ListAccessKeys", "ram:CreateAccessKey", "ram:UpdateAccessKey", "ram:DeleteAccessKey"]
    resources = ["acs:ram:*:*:user/ci-deploy"]
  }
}

resource "ram_policy" "own_keys" {
  name            = "ci-deploy-own-keys"
  policy_document = data.ram_policy_document.own_keys.json

  # Destroying it detaches it everywhere first; the plan lists from whom.
  force_destroy = true
}
