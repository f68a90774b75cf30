# StsToken: a session that somebody opened already. It ends, and nothing renews it.
#
# aliyun configure set --profile StsProfile --mode StsToken \
#   --access-key-id <id> --access-key-secret <secret> --sts-token <token> --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "StsProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
