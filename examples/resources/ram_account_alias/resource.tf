# Users log in as <name>@example-corp.onaliyun.com, and with the account's ID again once
# this is destroyed.
resource "ram_account_alias" "this" {
  alias            = "example-corp"
  reset_on_destroy = true
}
