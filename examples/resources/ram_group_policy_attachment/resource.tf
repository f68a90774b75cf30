resource "ram_group" "developers" {
  name = "developers"
}

# Everybody in the group has the policy. Renaming the group moves the attachment along.
resource "ram_group_policy_attachment" "read" {
  group_name  = ram_group.developers.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}
