# Step 1 for a company B that serves many customers: the role opens only for who names the
# external ID. B gives every customer another one, so that no customer can have B work in
# the account of somebody else by naming that role.
variable "external_id" {
  description = "External ID that company B gave to company A."
  type        = string
  default     = "company-a-0001"
}

resource "ram_role" "arms_partner" {
  provider    = ram.company_a
  name        = "arms-partner"
  description = "Read-only access to ARMS for company B, with an external ID"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.company_b.account_id}:root" }
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "ram_role_policy_attachment" "arms_partner" {
  provider    = ram.company_a
  role_name   = ram_role.arms_partner.name
  policy_name = "AliyunARMSReadOnlyAccess"
  policy_type = "System"
}

output "external_id_role_arn" {
  value = ram_role.arms_partner.arn
}
