resource "ram_external_application" "cli" {
  app  = "official-cli"
  site = "INTL"
}

resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_application_assignment" "alice" {
  app_id         = ram_external_application.cli.app_id
  principal_type = "user"
  principal_name = ram_user.alice.name

  # Installing an application again drops its assignments, so they are made again, too.
  lifecycle {
    replace_triggered_by = [ram_external_application.cli.create_date]
  }
}

# People who come by role-based SSO log in as the role.
resource "ram_role" "operator" {
  name = "operator"

  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = "acs:ram::1000000000000001:root" } }]
  })
}

resource "ram_application_assignment" "operator" {
  app_id         = ram_external_application.cli.app_id
  principal_type = "role"
  principal_name = ram_role.operator.name
}
