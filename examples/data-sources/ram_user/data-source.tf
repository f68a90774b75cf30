resource "ram_user" "ci" {
  name = "ci-deploy"
}

# By its name, or by user_id, which outlives renames.
data "ram_user" "ci" {
  name = ram_user.ci.name
}

output "created" {
  value = data.ram_user.ci.create_date
}
