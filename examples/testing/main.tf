# The module under test: an application that reads one bucket, and a role for auditors.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

variable "bucket" {
  description = "The bucket that the application reads."
  type        = string
}

variable "external_id" {
  description = "What auditors have to know."
  type        = string
}

data "ram_caller_identity" "current" {}

# The application reads the bucket, from the office only.
data "ram_policy_document" "read_bucket" {
  statement {
    actions   = ["oss:GetObject", "oss:ListObjects"]
    resources = ["acs:oss:*:*:${var.bucket}", "acs:oss:*:*:${var.bucket}/*"]

    condition {
      operator = "IpAddress"
      variable = "acs:SourceIp"
      values   = ["203.0.113.0/24"]
    }
  }
}

resource "ram_policy" "read_bucket" {
  name            = "read-${var.bucket}"
  policy_document = data.ram_policy_document.read_bucket.json
}

resource "ram_user" "app" {
  name = "app"
}

resource "ram_user_policy_attachment" "read_bucket" {
  user_name   = ram_user.app.name
  policy_name = ram_policy.read_bucket.name
  policy_type = "Custom"
}

resource "ram_user_policy_attachment" "assume_role" {
  user_name   = ram_user.app.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

resource "ram_access_key" "app" {
  user_name = ram_user.app.name
}

# Auditors read RAM. The role opens for users of the account who know the external ID.
resource "ram_role" "auditor" {
  name = "auditor"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.current.account_id}:root" }
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "ram_role_policy_attachment" "auditor" {
  role_name   = ram_role.auditor.name
  policy_name = "AliyunRAMReadOnlyAccess"
  policy_type = "System"
}

output "policy_document" {
  value = ram_policy.read_bucket.policy_document
}

output "role_arn" {
  value = ram_role.auditor.arn
}

output "access_key_id" {
  value = ram_access_key.app.access_key_id
}

output "access_key_secret" {
  value     = ram_access_key.app.secret
  sensitive = true
}
