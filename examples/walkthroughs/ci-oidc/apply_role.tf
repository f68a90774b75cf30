# Only jobs of the main branch may apply.
resource "ram_role" "apply" {
  name = "ci-apply"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = ram_oidc_provider.ci.arn }
      Condition = {
        StringEquals = {
          "oidc:iss" = var.issuer_url
          "oidc:aud" = local.audience
          "oidc:sub" = "repo:${var.repository}:ref:refs/heads/main"
        }
      }
    }]
  })
}

# What the pipeline manages, and no more: groups and what they may do, but neither users
# nor keys nor roles.
resource "ram_policy" "apply" {
  name = "ci-apply"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ram:Get*", "ram:List*", "ram:CreateGroup", "ram:UpdateGroup", "ram:DeleteGroup", "ram:AttachPolicyToGroup", "ram:DetachPolicyFromGroup"]
      Resource = "*"
    }]
  })
}

resource "ram_role_policy_attachment" "apply" {
  role_name   = ram_role.apply.name
  policy_name = ram_policy.apply.name
  policy_type = "Custom"
}

output "apply_role_arn" {
  value = ram_role.apply.arn
}
