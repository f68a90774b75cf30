import {
  to = ram_user_policy_attachment.read
  id = "ci-deploy/System/AliyunOSSReadOnlyAccess"
}
