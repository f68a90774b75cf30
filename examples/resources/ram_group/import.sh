# By its name.
terraform import ram_group.developers developers
