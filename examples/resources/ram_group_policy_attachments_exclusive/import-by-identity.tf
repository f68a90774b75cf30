import {
  to = ram_group_policy_attachments_exclusive.developers
  identity = {
    group_name = "developers"
  }
}
