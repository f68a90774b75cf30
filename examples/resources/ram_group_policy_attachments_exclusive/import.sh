# <group_name>, and for a resource group with /<resource_group_id> behind
terraform import ram_group_policy_attachments_exclusive.developers developers
