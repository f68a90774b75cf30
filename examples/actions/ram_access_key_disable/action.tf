# A key has leaked: disable it now, whoever manages it.
# terraform apply -invoke=action.ram_access_key_disable.leaked -var leaked_access_key_id=LTAI…
variable "leaked_access_key_id" {
  type = string
}

action "ram_access_key_disable" "leaked" {
  config {
    access_key_id = var.leaked_access_key_id
  }
}
