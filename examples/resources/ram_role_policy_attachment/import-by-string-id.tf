import {
  to = ram_role_policy_attachment.web_server["AliyunOSSReadOnlyAccess"]
  id = "web-server/System/AliyunOSSReadOnlyAccess"
}
