# The repository's side: what its pipeline plans and applies.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

# No credentials here. Each job says by environment who it is:
#   ALIBABA_CLOUD_OIDC_PROVIDER_ARN  the issuer
#   ALIBABA_CLOUD_ROLE_ARN           the role of the job: to plan, or to apply
#   ALIBABA_CLOUD_OIDC_TOKEN_FILE    the file with the job's token
provider "ram" {}

resource "ram_group" "developers" {
  name         = "developers"
  display_name = "Developers"
}

resource "ram_group_policy_attachment" "developers" {
  group_name  = ram_group.developers.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}
