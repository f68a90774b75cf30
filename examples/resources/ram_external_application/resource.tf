# People of this account may log in to the Alibaba Cloud CLI with a browser instead of an
# AccessKey. Whom that is open to, ram_application_assignment says.
resource "ram_external_application" "cli" {
  app  = "official-cli"
  site = "INTL"

  # If an administrator has consented in the browser before, it is installed already.
  adopt_existing = true
}

output "login_command" {
  value = ram_external_application.cli.login_command
}
