# A group that holds no policy for the whole account, ever.
resource "ram_group" "developers" {
  name = "developers"
}

resource "ram_group_policy_attachments_exclusive" "developers" {
  group_name = ram_group.developers.name
  policies   = []
}
