resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_access_key" "ci" {
  user_name = ram_user.ci.name
}

# The key works from the build farm and from within one VPC, and from nowhere else.
resource "ram_access_key_network_policy" "ci" {
  access_key_id = ram_access_key.ci.access_key_id
  status        = "Active"

  statements = [
    {
      type    = "ClassicWhiteList"
      ip_list = ["203.0.113.0/24", "2001:db8::1"]
    },
    {
      type    = "VPCWhiteList"
      vpc_id  = "vpc-example" # or AllowAllVPC
      ip_list = ["172.16.0.0/16"]
    },
  ]
}
