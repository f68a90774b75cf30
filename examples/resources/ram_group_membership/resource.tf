resource "ram_user" "team" {
  for_each = toset(["alice", "bob"])
  name     = each.key
}

resource "ram_group" "developers" {
  name = "developers"
}

# Alice, Bob and nobody else: whoever is added in the console goes with the next apply.
resource "ram_group_membership" "developers" {
  group_name = ram_group.developers.name
  user_names = [for user in ram_user.team : user.name]
}
