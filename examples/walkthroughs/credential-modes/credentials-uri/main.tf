# CredentialsURI: a local program hands out sessions over HTTP.
#
# aliyun configure --profile URIProfile --mode CredentialsURI
#   Credentials URI []: http://127.0.0.1:8080/credentials

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  profile = "URIProfile"
}

data "ram_caller_identity" "this" {}

output "arn" {
  description = "Who the profile makes one."
  value       = data.ram_caller_identity.this.arn
}
