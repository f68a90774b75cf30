# If the user may be replaced by another one of the same name, say so: its ID changes
# then, and the attachment is made anew with it.
resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_user_policy_attachment" "read" {
  user_name   = ram_user.ci.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"

  lifecycle {
    replace_triggered_by = [ram_user.ci.user_id]
  }
}
