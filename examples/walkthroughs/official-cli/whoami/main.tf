# What somebody sees who is logged in to the CLI: the provider uses the login of the CLI's
# profile as it is.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

variable "profile" {
  description = "Profile of the CLI, of mode OAuth."
  type        = string
  default     = "OAuthProfile"
}

provider "ram" {
  profile = var.profile
}

data "ram_caller_identity" "me" {}

output "arn" {
  value = data.ram_caller_identity.me.arn
}
