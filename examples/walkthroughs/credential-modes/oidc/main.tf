# OIDC: a token in a file opens sessions of a role, as in a CI job or a pod. No key anywhere.
#
# aliyun configure set --profile OIDC_Profile --mode OIDC \
#   --oidc-provider-arn <ARN of the provider> --oidc-token-file /path/to/oidctoken \
#   --ram-role-arn <ARN of the role> --role-session-name alice --region cn-hangzhou

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "OIDC_Profile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
