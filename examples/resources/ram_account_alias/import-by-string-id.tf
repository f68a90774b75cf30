import {
  to = ram_account_alias.this
  id = "1000000000000001"
}
