# By its ID or by its name.
terraform import ram_user.ci 200000000000000001
terraform import ram_user.ci ci-deploy
