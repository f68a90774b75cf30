# With the trust policies, so that -generate-config-out can write them down.
list "ram_role" "all" {
  provider         = ram
  include_resource = true
}
