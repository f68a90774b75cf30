import {
  to = ram_user_policy_attachment.read
  identity = {
    user_name   = "ci-deploy"
    policy_name = "AliyunOSSReadOnlyAccess"
    policy_type = "System"
  }
}
