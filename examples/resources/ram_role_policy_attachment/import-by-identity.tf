import {
  to = ram_role_policy_attachment.web_server["AliyunOSSReadOnlyAccess"]
  identity = {
    role_name   = "web-server"
    policy_name = "AliyunOSSReadOnlyAccess"
    policy_type = "System"
  }
}
