import {
  to = ram_account_alias.this
  identity = {
    account_id = "1000000000000001"
  }
}
