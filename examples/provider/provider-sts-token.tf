# A session that something else opened: the run must end before the session does.
variable "sts_access_key_id" {
  type = string
}

variable "sts_access_key_secret" {
  type      = string
  sensitive = true
}

variable "sts_security_token" {
  type      = string
  sensitive = true
}

provider "ram" {
  access_key_id     = var.sts_access_key_id
  access_key_secret = var.sts_access_key_secret
  security_token    = var.sts_security_token
}
