data "ram_external_applications" "all" {}

# Which applications of others are installed, and since when.
output "installed" {
  value = { for app in data.ram_external_applications.all.applications : app.display_name => app.create_date }
}
