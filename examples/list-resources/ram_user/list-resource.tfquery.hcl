list "ram_user" "all" {
  provider = ram
  limit    = 1000
}
