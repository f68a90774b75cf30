# An address that hands out sessions, such as that of a sidecar.
variable "credentials_uri" {
  type      = string
  sensitive = true # its query may hold a secret
}

provider "ram" {
  credentials_uri = var.credentials_uri
}
