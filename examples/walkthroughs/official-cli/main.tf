# People log in to the Alibaba Cloud CLI with a browser: nobody needs an AccessKey on a
# laptop any more. An administrator installs the application official-cli once and says
# who may log in through it.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

variable "site" {
  description = "CN if you sign in at aliyun.com, INTL if you sign in at alibabacloud.com."
  type        = string
  default     = "CN"
}

variable "installed" {
  description = "Whether official-cli is installed."
  type        = bool
  default     = true
}

variable "cli_users" {
  description = "Names of the users who may log in to the CLI."
  type        = set(string)
  default     = ["alice"]
}

data "ram_caller_identity" "admin" {}

resource "ram_user" "person" {
  for_each = toset(["alice", "bob"])

  name = each.key
}

# For those who come by role-based SSO, or switch to the role in the console.
resource "ram_role" "operator" {
  name = "cli-operator"

  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { RAM = "acs:ram::${data.ram_caller_identity.admin.account_id}:root" }
    }]
  })
}

# Step 1: the administrator creates the CLI application.
resource "ram_external_application" "cli" {
  count = var.installed ? 1 : 0

  app            = "official-cli"
  site           = var.site
  adopt_existing = true
}

# Step 2: the administrator assigns identities. Groups cannot be assigned.
resource "ram_application_assignment" "user" {
  for_each = var.installed ? var.cli_users : []

  app_id         = ram_external_application.cli[0].app_id
  principal_type = "user"
  principal_name = ram_user.person[each.key].name
}

resource "ram_application_assignment" "operator" {
  count = var.installed ? 1 : 0

  app_id         = ram_external_application.cli[0].app_id
  principal_type = "role"
  principal_name = ram_role.operator.name
}

# Step 3: each person runs this, and consents once in the browser.
output "login_command" {
  value = one(ram_external_application.cli[*].login_command)
}

output "account_id" {
  value = data.ram_caller_identity.admin.account_id
}
