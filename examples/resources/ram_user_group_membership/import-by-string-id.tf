import {
  to = ram_user_group_membership.alice
  id = "alice/auditors/developers"
}

resource "ram_user_group_membership" "alice" {
  user_name   = "alice"
  group_names = ["auditors", "developers"]
}
