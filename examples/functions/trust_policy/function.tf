# The ECS instances of the account.
resource "ram_role" "instances" {
  name                        = "instances"
  assume_role_policy_document = provider::ram::trust_policy({ Service = ["ecs.aliyuncs.com"] }, null)
}

# A partner's account, if it says which of its customers it acts for.
resource "ram_role" "partner" {
  name = "partner"
  assume_role_policy_document = provider::ram::trust_policy(
    { RAM = ["2000000000000002"] },
    { StringEquals = { "sts:ExternalId" = "customer-17" } },
  )
}

data "ram_caller_identity" "me" {}

# The deployments of one repository, by OIDC.
resource "ram_role" "deploy" {
  name = "deploy"
  assume_role_policy_document = provider::ram::trust_policy(
    { Federated = ["acs:ram::${data.ram_caller_identity.me.account_id}:oidc-provider/github"] },
    {
      StringEquals = { "oidc:aud" = "sts.aliyuncs.com" }
      StringLike   = { "oidc:sub" = ["repo:example/shop:ref:refs/heads/main", "repo:example/shop:environment:*"] }
    },
  )
}
