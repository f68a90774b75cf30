resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_access_key" "ci" {
  user_name = ram_user.ci.name
}

data "ram_access_keys" "ci" {
  user_name  = ram_user.ci.name
  depends_on = [ram_access_key.ci]
}

# The keys in the recycle bin. The last use of those is not known.
data "ram_access_keys" "recycled" {
  user_name = ram_user.ci.name
  recycled  = true
}

# Active keys that are older than 90 days.
output "to_rotate" {
  value = [
    for key in data.ram_access_keys.ci.keys : key.access_key_id
    if key.status == "Active" && timecmp(timeadd(key.create_date, "2160h"), plantimestamp()) < 0
  ]
}

# Keys that nobody has ever used.
output "unused" {
  value = [for key in data.ram_access_keys.ci.keys : key.access_key_id if key.last_used_date == null]
}
