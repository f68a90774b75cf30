# <role_name>, and for a resource group with /<resource_group_id> behind
terraform import ram_role_policy_attachments_exclusive.web_server web-server
