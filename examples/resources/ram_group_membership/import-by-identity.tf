import {
  to = ram_group_membership.developers
  identity = {
    group_name = "developers"
  }
}

resource "ram_group_membership" "developers" {
  group_name = "developers"
  user_names = ["alice", "bob"]
}
