import {
  to = ram_user_policy_attachments_exclusive.ci
  identity = {
    user_name = "ci-deploy"
  }
}
