import {
  to = ram_user_policy_attachments_exclusive.ci
  id = "ci-deploy"
}
