# By its name.
terraform import ram_oidc_provider.ci ci
