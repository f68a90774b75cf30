# By the ID of the account.
terraform import ram_security_preference.this 1000000000000001
