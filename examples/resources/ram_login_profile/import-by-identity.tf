import {
  to = ram_login_profile.alice
  identity = {
    user_name = "alice"
  }
}

resource "ram_login_profile" "alice" {
  user_name               = "alice"
  password_reset_required = true
  mfa_bind_required       = true
}
