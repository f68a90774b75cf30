# Renaming the user in the configuration renames it in the account: it stays the same
# user, with its keys, policies and groups.
resource "ram_user" "ci" {
  name         = "ci-deploy"
  display_name = "CI deployment"
  comments     = "Deploys from the build pipeline."

  tags = {
    team = "platform"
  }
}

# A user for a short time. When it is removed, whatever was attached to it meanwhile
# goes with it, and the plan of the destroy lists it.
resource "ram_user" "contractor" {
  name          = "contractor-2026"
  comments      = "Access ends with the contract."
  force_destroy = true
}
