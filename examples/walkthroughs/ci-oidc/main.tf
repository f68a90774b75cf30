# The account's side: jobs of a CI system plan and apply without any AccessKey. Their
# tokens open sessions of two roles; which one depends on the job.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {}

variable "issuer_url" {
  description = "Issuer of the CI system's tokens."
  type        = string
  default     = "https://token.ci.example.com"
}

variable "repository" {
  description = "The repository whose jobs may plan and apply."
  type        = string
  default     = "example/app"
}

locals {
  audience = "sts.aliyuncs.com"
}

# The issuer.
resource "ram_oidc_provider" "ci" {
  name        = "ci"
  issuer_url  = var.issuer_url
  client_ids  = [local.audience]
  description = "Jobs of the CI system"
}

output "oidc_provider_arn" {
  value = ram_oidc_provider.ci.arn
}
