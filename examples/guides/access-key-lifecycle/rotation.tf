resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_access_key" "ci" {
  user_name           = ram_user.ci.name
  rotate_when_changed = { month = "2026-01" } # another value replaces the key

  lifecycle {
    create_before_destroy = true # the new key exists before the old one goes
  }
}
