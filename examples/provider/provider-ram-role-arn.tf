# A profile of mode RamRoleArn: an AccessKey and the role to assume with it.
#
#   aliyun configure set --profile deployer --mode RamRoleArn --access-key-id … --access-key-secret … \
#     --ram-role-arn acs:ram::1000000000000001:role/deployer --role-session-name terraform
provider "ram" {
  profile = "deployer"
}
