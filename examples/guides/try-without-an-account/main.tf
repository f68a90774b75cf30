terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_user_policy_attachment" "ci" {
  user_name   = ram_user.ci.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}

resource "ram_access_key" "ci" {
  user_name           = ram_user.ci.name
  rotate_when_changed = { month = "2026-01" }

  lifecycle {
    create_before_destroy = true
  }
}

output "access_key_id" {
  value = ram_access_key.ci.access_key_id
}
