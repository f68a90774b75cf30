# Keys of several users that are older than 90 days and have not been used for as long.
locals {
  machines = ["build", "deploy", "report"]
  cutoff   = timeadd(plantimestamp(), "-2160h")
}

resource "ram_user" "machine" {
  for_each = toset(local.machines)
  name     = each.key
}

data "ram_access_keys" "machine" {
  for_each  = ram_user.machine
  user_name = each.value.name
}

locals {
  # A key that was never used counts from when it was made.
  stale = [
    for key in flatten([
      for name, user in data.ram_access_keys.machine : [for key in user.keys : merge(key, { user_name = name })]
    ]) : "${key.access_key_id} of ${key.user_name}"
    if key.status == "Active" && timecmp(coalesce(key.last_used_date, key.create_date), local.cutoff) < 0
  ]
}

output "stale" {
  value = local.stale
}

# Every plan warns of them.
check "no_stale_access_keys" {
  assert {
    condition     = length(local.stale) == 0
    error_message = "Nobody has used these AccessKeys for 90 days: ${join(", ", local.stale)}."
  }
}
