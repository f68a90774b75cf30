# <role_name>/<policy_type>/<policy_name>
terraform import 'ram_role_policy_attachment.web_server["AliyunOSSReadOnlyAccess"]' web-server/System/AliyunOSSReadOnlyAccess
