# ChainableRamRoleArn: a role assumed from another profile, here from the role of
# RamRoleArnProfile. The external ID is what the second role asks for.
#
# aliyun configure --profile ChainableProfile --mode ChainableRamRoleArn
#   Source Profile []: RamRoleArnProfile
#   Sts Region []: cn-hangzhou
#   Ram Role Arn []: <ARN of the second role>
#   Role Session Name []: alice
#   External ID []: abcd1234

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "ChainableProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
