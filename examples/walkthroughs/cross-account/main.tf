# Company A lets company B read its application monitoring (ARMS) without sharing a
# single key: A owns a role that trusts B, B owns the user who assumes it.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

variable "company_a_profile" {
  description = "Profile of the Alibaba Cloud CLI that administers company A's account."
  type        = string
}

variable "company_b_profile" {
  description = "Profile of the Alibaba Cloud CLI that administers company B's account."
  type        = string
}

variable "key_rotation" {
  description = "Change this, and Alice gets a new AccessKey before the old one goes."
  type        = string
  default     = "2026-01"
}

provider "ram" {
  alias   = "company_a"
  profile = var.company_a_profile
}

provider "ram" {
  alias   = "company_b"
  profile = var.company_b_profile
}

data "ram_caller_identity" "company_b" {
  provider = ram.company_b
}

# Step 1: company A creates a role that only Alice of company B may assume.
resource "ram_role" "arms_reader" {
  provider    = ram.company_a
  name        = "arms-reader"
  description = "Read-only access to ARMS for company B"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.company_b.account_id}:user/${ram_user.alice.name}" }
    }]
  })
}

# Step 2: company A says what the role may do.
resource "ram_role_policy_attachment" "arms_reader" {
  provider    = ram.company_a
  role_name   = ram_role.arms_reader.name
  policy_name = "AliyunARMSReadOnlyAccess"
  policy_type = "System"
}

# Step 3: company B creates a user.
resource "ram_user" "alice" {
  provider     = ram.company_b
  name         = "Alice"
  display_name = "Alice"
}

# Step 4: company B lets the user assume roles.
resource "ram_user_policy_attachment" "alice" {
  provider    = ram.company_b
  user_name   = ram_user.alice.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

# Step 5: the user signs calls with an AccessKey. A rotation makes the new key first.
resource "ram_access_key" "alice" {
  provider            = ram.company_b
  user_name           = ram_user.alice.name
  rotate_when_changed = { rotation = var.key_rotation }

  lifecycle {
    create_before_destroy = true
  }
}

output "role_arn" {
  value = ram_role.arms_reader.arn
}

output "access_key_id" {
  value = ram_access_key.alice.access_key_id
}

output "access_key_secret" {
  value     = ram_access_key.alice.secret
  sensitive = true
}
