# Two accounts in one configuration. Resources choose with `provider = ram.production`.
provider "ram" {
  profile             = "staging"
  allowed_account_ids = ["1000000000000001"]
}

provider "ram" {
  alias               = "production"
  profile             = "production"
  allowed_account_ids = ["1000000000000002"]
}
