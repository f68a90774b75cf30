import {
  to = ram_group_membership.developers
  id = "developers"
}

resource "ram_group_membership" "developers" {
  group_name = "developers"
  user_names = ["alice", "bob"]
}
