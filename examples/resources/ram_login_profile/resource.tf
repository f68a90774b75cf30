# Given as TF_VAR_alice_password, from a secret store. It is neither in the state nor in
# the plan. Without it, Alice gets a login whose password an administrator has to set.
variable "alice_password" {
  type      = string
  default   = null
  ephemeral = true
}

resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_login_profile" "alice" {
  user_name               = ram_user.alice.name
  password_wo             = var.alice_password
  password_wo_version     = 1 # another number sets the password anew
  password_reset_required = true
  mfa_bind_required       = true
}
