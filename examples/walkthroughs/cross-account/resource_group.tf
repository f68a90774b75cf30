# Step 2 with the resource scope "resource group": the role reads the ARMS applications of
# one resource group only.
variable "resource_group_id" {
  description = "ID of a resource group of company A, such as rg-acfmxazb4ph6aiy; null leaves this variant out."
  type        = string
  default     = null
}

locals {
  resource_groups = toset(var.resource_group_id == null ? [] : [var.resource_group_id])
}

resource "ram_role" "arms_group_reader" {
  for_each    = local.resource_groups
  provider    = ram.company_a
  name        = "arms-group-reader"
  description = "Read-only access to the ARMS applications of ${each.key} for company B"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.company_b.account_id}:user/${ram_user.alice.name}" }
    }]
  })
}

resource "ram_role_policy_attachment" "arms_group_reader" {
  for_each          = local.resource_groups
  provider          = ram.company_a
  role_name         = ram_role.arms_group_reader[each.key].name
  policy_name       = "AliyunARMSReadOnlyAccess"
  policy_type       = "System"
  resource_group_id = each.key
}

# Without this permission ARMS cannot show which applications the resource group has.
resource "ram_policy" "read_trace_app" {
  for_each    = local.resource_groups
  provider    = ram.company_a
  name        = "arms-read-trace-app"
  description = "Lists the applications of a resource group in ARMS"

  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "arms:ReadTraceApp", Resource = "*" }]
  })
}

resource "ram_role_policy_attachment" "read_trace_app" {
  for_each          = local.resource_groups
  provider          = ram.company_a
  role_name         = ram_role.arms_group_reader[each.key].name
  policy_name       = ram_policy.read_trace_app[each.key].name
  policy_type       = "Custom"
  resource_group_id = each.key
}

output "resource_group_role_arn" {
  value = one([for role in ram_role.arms_group_reader : role.arn])
}
