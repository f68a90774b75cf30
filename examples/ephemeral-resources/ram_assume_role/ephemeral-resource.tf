data "ram_caller_identity" "current" {}

resource "ram_role" "deployer" {
  name = "deployer"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::${data.ram_caller_identity.current.account_id}:root"] }
    }]
  })
}

# Half an hour as the role, for another provider or a write-only argument.
ephemeral "ram_assume_role" "deployer" {
  role_arn         = ram_role.deployer.arn
  duration_seconds = 1800
}
