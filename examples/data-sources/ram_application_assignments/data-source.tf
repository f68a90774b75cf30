resource "ram_external_application" "cli" {
  app  = "official-cli"
  site = "INTL"
}

data "ram_application_assignments" "cli" {
  app_id = ram_external_application.cli.app_id
}

# Whoever may log in to the CLI with a browser.
output "cli_users" {
  value = [for one in data.ram_application_assignments.cli.assignments : one.principal_name if one.principal_type == "user"]
}
