# Every job of the repository may plan, pull requests too.
resource "ram_role" "plan" {
  name = "ci-plan"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = ram_oidc_provider.ci.arn }
      Condition = {
        StringEquals = { "oidc:iss" = var.issuer_url, "oidc:aud" = local.audience }
        StringLike   = { "oidc:sub" = "repo:${var.repository}:*" }
      }
    }]
  })
}

# Planning reads and changes nothing.
resource "ram_role_policy_attachment" "plan" {
  role_name   = ram_role.plan.name
  policy_name = "AliyunRAMReadOnlyAccess"
  policy_type = "System"
}

output "plan_role_arn" {
  value = ram_role.plan.arn
}
