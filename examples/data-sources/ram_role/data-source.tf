resource "ram_role" "deploy" {
  name = "deploy"

  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = "acs:ram::1000000000000001:root" } }]
  })
}

data "ram_role" "deploy" {
  name = ram_role.deploy.name
}

output "role_arn" {
  value = data.ram_role.deploy.arn
}

output "longest_session_in_seconds" {
  value = data.ram_role.deploy.max_session_duration
}
