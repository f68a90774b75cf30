data "ram_caller_identity" "me" {}

# Trusts a user whom nobody has created yet, or whom another configuration manages.
resource "ram_role" "audit" {
  name = "audit"
  assume_role_policy_document = provider::ram::trust_policy(
    { RAM = [provider::ram::arn_build("ram", "", data.ram_caller_identity.me.account_id, "user", "auditor")] },
    null,
  )
}
