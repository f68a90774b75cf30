# External: a program prints the credentials as JSON. It decides where they come from.
#
# aliyun configure set --profile ExternalProfile --mode External \
#   --process-command "acs-sso login --profile sso" --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "ExternalProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
