# <group_name>/<policy_type>/<policy_name>
terraform import ram_group_policy_attachment.read developers/System/AliyunOSSReadOnlyAccess
