# To hand attachments over to a set without detaching them in between, replace the blocks
# of the attachments by blocks such as this one in the same change.
resource "ram_user" "ci" {
  name = "ci-deploy"
}

removed {
  from = ram_user_policy_attachment.read
  lifecycle {
    destroy = false
  }
}

resource "ram_user_policy_attachments_exclusive" "ci" {
  user_name         = ram_user.ci.name
  policies          = [{ policy_name = "AliyunOSSReadOnlyAccess" }]
  detach_on_destroy = true
}
