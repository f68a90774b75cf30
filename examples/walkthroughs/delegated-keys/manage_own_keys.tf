# Lets one user make, disable and delete its own AccessKeys, and see when they were used.
data "ram_policy_document" "manage_own_keys" {
  statement {
    actions = [
      "ram:CreateAccessKey",
      "ram:ListAccessKeys",
      "ram:UpdateAccessKey",
      "ram:DeleteAccessKey",
      "ram:GetAccessKeyLastUsed",
      "ram:ListAccessKeysInRecycleBin",
    ]
    resources = ["acs:ram:*:${data.ram_caller_identity.current.account_id}:user/${ram_user.manager.name}"]
  }
}

resource "ram_policy" "manage_own_keys" {
  name            = "manage-own-access-keys"
  policy_document = data.ram_policy_document.manage_own_keys.json
}

resource "ram_user_policy_attachment" "manage_own_keys" {
  user_name   = ram_user.manager.name
  policy_name = ram_policy.manage_own_keys.name
  policy_type = "Custom"
}
