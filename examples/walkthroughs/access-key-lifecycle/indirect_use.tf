# Use the AccessKey pair indirectly, 1: the user may assume roles.
resource "ram_user_policy_attachment" "assume_role" {
  user_name   = ram_user.tutorial.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

# Use the AccessKey pair indirectly, 2: a role that trusts the current account. Whoever
# assumes it has to know the external ID.
data "ram_caller_identity" "current" {}

resource "ram_role" "cli_test" {
  name = "cli-test-role"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.current.account_id}:root" }
      Condition = { StringEquals = { "sts:ExternalId" = "abcd1234" } }
    }]
  })
}

# Use the AccessKey pair indirectly, 3: the role may read RAM.
resource "ram_role_policy_attachment" "read" {
  role_name   = ram_role.cli_test.name
  policy_name = "AliyunRAMReadOnlyAccess"
  policy_type = "System"
}

output "role_arn" {
  value = ram_role.cli_test.arn
}
