# By the name of the group.
terraform import ram_group_membership.developers developers
