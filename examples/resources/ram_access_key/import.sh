# By the ID of the key alone, or with its user. The secret stays empty: the service shows
# it only once, when it makes the key.
terraform import ram_access_key.ci LTAIexample000000000001
terraform import ram_access_key.ci ci-deploy/LTAIexample000000000001
