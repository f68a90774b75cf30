resource "ram_external_application" "cli" {
  app  = "official-cli"
  site = "INTL"
}

data "ram_external_application" "cli" {
  app_id = ram_external_application.cli.app_id
}

output "cli_may_ask_for" {
  value = data.ram_external_application.cli.scopes
}
