# A role on top of whatever credentials there are. With several links, each role is
# assumed with the session of the one before it.
provider "ram" {
  assume_role = [
    {
      role_arn = "acs:ram::1000000000000001:role/deployer"
    },
    {
      role_arn          = "acs:ram::1000000000000002:role/ram-admin"
      role_session_name = "terraform"
      external_id       = "landing-zone"
      duration_seconds  = 3600
    },
  ]
}
