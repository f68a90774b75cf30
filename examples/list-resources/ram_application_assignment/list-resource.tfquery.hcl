# Whoever may log in to the Alibaba Cloud CLI with a browser.
list "ram_application_assignment" "cli" {
  provider         = ram
  include_resource = true

  config {
    app_id = "4103531455503354461" # official-cli of the international site
  }
}
