# Renaming the group in the configuration renames it in the account: it keeps its
# members and policies.
resource "ram_group" "developers" {
  name         = "developers"
  display_name = "Developers"
  comments     = "Everybody who works on the applications."
}

# A group for a short time. When it is removed, its members and policies are taken off
# it first, and the plan of the destroy lists them.
resource "ram_group" "migration" {
  name          = "migration-2026"
  force_destroy = true
}
