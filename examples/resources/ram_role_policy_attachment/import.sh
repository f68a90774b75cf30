# <role_name>/<policy_type>/<policy_name>, and for a resource group with /<resource_group_id> behind
terraform import 'ram_role_policy_attachment.web_server["AliyunOSSReadOnlyAccess"]' web-server/System/AliyunOSSReadOnlyAccess
