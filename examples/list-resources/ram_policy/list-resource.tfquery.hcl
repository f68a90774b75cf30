list "ram_policy" "all" {
  provider         = ram
  include_resource = true
}
