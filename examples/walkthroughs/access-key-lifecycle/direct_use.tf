# Use the AccessKey pair directly, 1: the user may read RAM.
resource "ram_user_policy_attachment" "read" {
  user_name   = ram_user.tutorial.name
  policy_name = "AliyunRAMReadOnlyAccess"
  policy_type = "System"
}
