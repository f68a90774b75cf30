list "ram_external_application" "all" {
  provider         = ram
  include_resource = true
}
