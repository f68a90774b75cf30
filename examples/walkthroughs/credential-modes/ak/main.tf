# AK: the AccessKey of a RAM user signs every call. Simple, and the key is on the disk.
#
# aliyun configure set --profile AkProfile --mode AK \
#   --access-key-id <id> --access-key-secret <secret> --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "AkProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
