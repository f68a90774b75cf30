import {
  to = ram_group_policy_attachment.read
  identity = {
    group_name  = "developers"
    policy_name = "AliyunOSSReadOnlyAccess"
    policy_type = "System"
  }
}
