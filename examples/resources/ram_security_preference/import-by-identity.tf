import {
  to = ram_security_preference.this
  identity = {
    account_id = "1000000000000001"
  }
}
