# A leaked key shall not come back: delete it from the recycle bin for good.
# terraform apply -invoke=action.ram_access_key_purge.leaked
action "ram_access_key_purge" "leaked" {
  config {
    access_key_id = "LTAIexample000000000001"
  }
}
