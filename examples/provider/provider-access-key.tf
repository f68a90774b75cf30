# Keys as arguments, for when something else keeps them. Never write them into the file.
variable "access_key_id" {
  type = string
}

variable "access_key_secret" {
  type      = string
  sensitive = true
}

provider "ram" {
  access_key_id      = var.access_key_id
  access_key_secret  = var.access_key_secret
  skip_default_chain = true # nothing but these, not even by mistake
}
