# The life of an AccessKey: created, used directly and through a role, rotated, disabled
# and deleted.

terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {}

# Before you begin: a RAM user, since no AccessKey should belong to the account itself.
resource "ram_user" "tutorial" {
  name     = "accesskey-tutorial"
  comments = "Owner of the AccessKey of the walkthrough"
}

variable "admin_policy" {
  description = "Whether the user may administer RAM, as the instructions ask for at first. Set it to false at the end."
  type        = bool
  default     = true
}

# Before you begin: the user administers RAM. Detach this policy when the tutorial is over.
resource "ram_user_policy_attachment" "admin" {
  count       = var.admin_policy ? 1 : 0
  user_name   = ram_user.tutorial.name
  policy_name = "AliyunRAMFullAccess"
  policy_type = "System"
}
