# Groups cannot be assigned, but one list can make both: the members of the group and the
# assignments.
locals {
  developers = ["alice", "bob"]
}

resource "ram_external_application" "cli" {
  app  = "official-cli"
  site = "INTL"
}

resource "ram_user" "developer" {
  for_each = toset(local.developers)

  name = each.key
}

resource "ram_application_assignment" "developer" {
  for_each = ram_user.developer

  app_id         = ram_external_application.cli.app_id
  principal_type = "user"
  principal_name = each.value.name
}
