# Another account's users and roles may assume this role, if that account lets them and
# they know the external ID.
resource "ram_role" "auditor" {
  name                 = "external-auditor"
  description          = "Read-only access for the auditors of Example Ltd."
  max_session_duration = 7200 # seconds

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = ["acs:ram::1000000000000002:root"] }
      Condition = { StringEquals = { "sts:ExternalId" = "audit-2026" } }
    }]
  })

  tags = {
    team = "security"
  }
}

# The role of ECS instances: programs on them get its sessions from the metadata service.
resource "ram_role" "web_server" {
  name = "web-server"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["ecs.aliyuncs.com"] }
    }]
  })
}
