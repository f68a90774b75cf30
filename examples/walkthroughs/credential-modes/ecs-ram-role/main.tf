# EcsRamRole: the role that is attached to the ECS instance which Terraform runs on. No key
# anywhere.
#
# aliyun configure set --profile EcsProfile --mode EcsRamRole \
#   --ram-role-name operator --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "EcsProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
