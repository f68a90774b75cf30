# <user_name>/<policy_type>/<policy_name>, and for a resource group with /<resource_group_id> behind
terraform import ram_user_policy_attachment.read ci-deploy/System/AliyunOSSReadOnlyAccess
