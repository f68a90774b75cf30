# The jobs of a CI system get tokens of this issuer.
resource "ram_oidc_provider" "ci" {
  name         = "ci"
  issuer_url   = "https://token.ci.example.com"
  client_ids   = ["sts.aliyuncs.com"]
  fingerprints = ["902ef2deeb3c5b13ea4c3d5193629309e231ae55"]
  description  = "Jobs of the CI system"
}

# Only jobs of one repository's main branch may assume this role. Without the conditions
# every job of every customer of the CI system could.
resource "ram_role" "deploy" {
  name = "deploy"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Federated = ram_oidc_provider.ci.arn }
      Condition = {
        StringEquals = {
          "oidc:iss" = ram_oidc_provider.ci.issuer_url
          "oidc:aud" = "sts.aliyuncs.com"
          "oidc:sub" = "repo:example/app:ref:refs/heads/main"
        }
      }
    }]
  })
}
