# CloudSSO: a person logs in to the company portal in a browser, and picks an account and an
# access configuration there.
#
# aliyun configure --profile sso --mode CloudSSO
#   CloudSSO Sign In Url []: https://signin-….alibabacloudsso.com/device/login

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "sso"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
