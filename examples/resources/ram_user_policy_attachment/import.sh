# <user_name>/<policy_type>/<policy_name>
terraform import ram_user_policy_attachment.read ci-deploy/System/AliyunOSSReadOnlyAccess
