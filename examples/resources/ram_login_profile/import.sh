# By the name of the user.
terraform import ram_login_profile.alice alice
