# Step 1 without a named user: company A trusts company B's whole account, and B decides
# which of its users and roles may assume the role.
resource "ram_role" "arms_operator" {
  provider    = ram.company_a
  name        = "arms-operator"
  description = "Full access to ARMS for whomever company B sends"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.company_b.account_id}:root" }
    }]
  })
}

# With full access, the read-only policy is not needed beside it.
resource "ram_role_policy_attachment" "arms_operator" {
  provider    = ram.company_a
  role_name   = ram_role.arms_operator.name
  policy_name = "AliyunARMSFullAccess"
  policy_type = "System"
}

# Another user of company B, who may assume roles as Alice may.
resource "ram_user" "bob" {
  provider = ram.company_b
  name     = "Bob"
}

resource "ram_user_policy_attachment" "bob" {
  provider    = ram.company_b
  user_name   = ram_user.bob.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

resource "ram_access_key" "bob" {
  provider  = ram.company_b
  user_name = ram_user.bob.name
}

output "whole_account_role_arn" {
  value = ram_role.arms_operator.arn
}

output "bob_access_key_id" {
  value = ram_access_key.bob.access_key_id
}

output "bob_access_key_secret" {
  value     = ram_access_key.bob.secret
  sensitive = true
}
