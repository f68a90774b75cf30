data "ram_caller_identity" "me" {}

locals {
  me = provider::ram::arn_parse(data.ram_caller_identity.me.arn)
}

output "who" {
  value = "${local.me.resource_type} ${local.me.resource} of account ${local.me.account_id}"
}
