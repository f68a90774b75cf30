# By the ID of the account.
terraform import ram_account_alias.this 1000000000000001
