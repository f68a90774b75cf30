# A program misses a key that was deleted: take it back.
# terraform apply -invoke=action.ram_access_key_restore.missed
action "ram_access_key_restore" "missed" {
  config {
    access_key_id = "LTAIexample000000000001"
    user_name     = "ci" # refuses to touch the key of anybody else
  }
}
