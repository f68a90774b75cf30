# A policy that Alibaba Cloud makes.
data "ram_policy" "assume_role" {
  name        = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

# One of the account's own. Without policy_type it is looked up in both types.
resource "ram_policy" "invoices" {
  name = "invoice-reader"

  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "acs:oss:*:*:example-invoices/*" }]
  })
}

data "ram_policy" "invoices" {
  name = ram_policy.invoices.name
}

output "what_the_system_policy_allows" {
  value = jsondecode(data.ram_policy.assume_role.policy_document)
}

output "holders_of_the_own_policy" {
  value = data.ram_policy.invoices.attachment_count
}
