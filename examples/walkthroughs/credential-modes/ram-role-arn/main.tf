# RamRoleArn: an AccessKey opens sessions of a role, which renew themselves in the run.
#
# aliyun configure set --profile RamRoleArnProfile --mode RamRoleArn \
#   --access-key-id <id> --access-key-secret <secret> --sts-region cn-hangzhou \
#   --ram-role-arn <ARN of the role> --role-session-name alice --expired-seconds 900 --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "RamRoleArnProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
