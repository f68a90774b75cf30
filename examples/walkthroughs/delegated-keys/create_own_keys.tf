# Lets one user make AccessKeys for itself and see which it has.
data "ram_policy_document" "create_own_keys" {
  statement {
    actions = [
      "ram:CreateAccessKey",
      "ram:ListAccessKeys",
    ]
    resources = ["acs:ram:*:${data.ram_caller_identity.current.account_id}:user/${ram_user.creator.name}"]
  }
}

resource "ram_policy" "create_own_keys" {
  name            = "create-own-access-keys"
  policy_document = data.ram_policy_document.create_own_keys.json
}

resource "ram_user_policy_attachment" "create_own_keys" {
  user_name   = ram_user.creator.name
  policy_name = ram_policy.create_own_keys.name
  policy_type = "Custom"
}
