# Only what is written here is changed and compared.
resource "ram_security_preference" "this" {
  # Nobody manages AccessKeys alone; who has to gets a policy limited to the own user.
  allow_user_to_manage_access_keys = false

  # An AccessKey that nobody uses for half a year is disabled.
  max_idle_days_for_access_keys = 180
  max_idle_days_for_users       = 180

  mfa_operation_for_login = "mandatory"
  enable_save_mfa_ticket  = false
  login_session_duration  = 8
}
