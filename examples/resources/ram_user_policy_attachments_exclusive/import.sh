# <user_name>, and for a resource group with /<resource_group_id> behind
terraform import ram_user_policy_attachments_exclusive.ci ci-deploy
