# <group_name>/<policy_type>/<policy_name>, and for a resource group with /<resource_group_id> behind
terraform import ram_group_policy_attachment.read developers/System/AliyunOSSReadOnlyAccess
