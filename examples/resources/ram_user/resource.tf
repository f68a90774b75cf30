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
# goes with it, and the plan of the destroy lists it; but not while an AccessKey that
# Terraform does not know was used within the last week.
resource "ram_user" "contractor" {
  name          = "contractor-2026"
  comments      = "Access ends with the contract."
  force_destroy = true
  require_idle  = "7d"
}

# A user that comes back under its old ID if it was deleted within the last 30 days.
resource "ram_user" "seasonal" {
  name                = "seasonal-reports"
  restore_if_recycled = true
}
