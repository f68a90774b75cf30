# A profile of mode ChainableRamRoleArn: a role on top of another profile, of any mode.
#
#   aliyun configure set --profile landing-zone --mode ChainableRamRoleArn \
#     --source-profile production --ram-role-arn acs:ram::1000000000000002:role/landing-zone \
#     --role-session-name terraform --external-id ticket-1      # CLI 3.0.276 or newer
provider "ram" {
  profile = "landing-zone"
}
