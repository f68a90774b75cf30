import {
  to = ram_security_preference.this
  id = "1000000000000001"
}
