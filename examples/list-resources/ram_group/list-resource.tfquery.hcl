list "ram_group" "all" {
  provider = ram
}
