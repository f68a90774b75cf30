# In a pod or a CI job: a role in exchange for the token that the platform keeps in a
# file. Without this block, the variables that ACK sets in a pod (RRSA) do the same.
provider "ram" {
  assume_role_with_oidc = {
    oidc_provider_arn = "acs:ram::1000000000000001:oidc-provider/ack-rrsa"
    role_arn          = "acs:ram::1000000000000001:role/terraform-in-pod"
    token_file        = "/var/run/secrets/ack.alibabacloud.com/rrsa-tokens/token"
    role_session_name = "terraform"
    duration_seconds  = 3600
  }
}
