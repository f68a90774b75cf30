import {
  to = ram_group_policy_attachment.read
  id = "developers/System/AliyunOSSReadOnlyAccess"
}
