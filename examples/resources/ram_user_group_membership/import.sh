# By the name of the user and the names of the groups.
terraform import ram_user_group_membership.alice alice/auditors/developers
