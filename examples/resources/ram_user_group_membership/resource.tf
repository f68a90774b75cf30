resource "ram_user" "alice" {
  name = "alice"
}

resource "ram_group" "all" {
  for_each = toset(["developers", "auditors"])
  name     = each.key
}

# Adds Alice to these groups. Their other members, and her other groups, stay as they are.
resource "ram_user_group_membership" "alice" {
  user_name   = ram_user.alice.name
  group_names = [for group in ram_group.all : group.name]
}
