data "ram_caller_identity" "current" {}

# A role that this account alone may assume, whichever account that is.
resource "ram_role" "auditor" {
  name = "auditor"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.ram_caller_identity.current.account_id}:root"] }
    }]
  })
}

output "acting_as" {
  value = "${data.ram_caller_identity.current.arn}, by ${data.ram_caller_identity.current.credential_source}"
}
