# A user that holds no policy for the whole account, ever.
resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_user_policy_attachments_exclusive" "ci" {
  user_name = ram_user.ci.name
  policies  = []
}
