# What the modes need in the account: a user with an AccessKey, a role to assume with it,
# a second role to assume from there, and an issuer of tokens.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {}

data "ram_caller_identity" "current" {}

resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_access_key" "alice" {
  user_name = ram_user.alice.name
}

# RamRoleArn and ChainableRamRoleArn assume roles with the user's key.
resource "ram_user_policy_attachment" "alice" {
  user_name   = ram_user.alice.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

# OIDC: tokens of this issuer open the role.
resource "ram_oidc_provider" "idp" {
  name       = "TestOidcIdp"
  issuer_url = "https://idp.example.com"
  client_ids = ["terraform"]
}

# Whoever is named here gets sessions of the role: users and roles of the account that may
# assume roles, ECS instances that it is attached to, and jobs with a token.
resource "ram_role" "operator" {
  name = "operator"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { RAM = "acs:ram::${data.ram_caller_identity.current.account_id}:root", Service = "ecs.aliyuncs.com" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Federated = ram_oidc_provider.idp.arn }
        Condition = { StringEquals = { "oidc:aud" = "terraform", "oidc:sub" = "alice" } }
      },
    ]
  })
}

# ChainableRamRoleArn goes on from the first role to this one.
resource "ram_role_policy_attachment" "operator" {
  role_name   = ram_role.operator.name
  policy_name = "AliyunSTSAssumeRoleAccess"
  policy_type = "System"
}

resource "ram_role" "auditor" {
  name = "auditor"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ram_role.operator.arn }
      Condition = { StringEquals = { "sts:ExternalId" = "abcd1234" } }
    }]
  })
}

output "access_key_id" {
  value = ram_access_key.alice.access_key_id
}

output "access_key_secret" {
  value     = ram_access_key.alice.secret
  sensitive = true
}

output "operator_arn" {
  value = ram_role.operator.arn
}

output "auditor_arn" {
  value = ram_role.auditor.arn
}

output "oidc_provider_arn" {
  value = ram_oidc_provider.idp.arn
}
