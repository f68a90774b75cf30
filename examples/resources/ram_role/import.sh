# By its name.
terraform import ram_role.auditor external-auditor
