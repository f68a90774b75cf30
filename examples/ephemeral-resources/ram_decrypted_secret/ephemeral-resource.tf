variable "encrypted_secret" {
  description = "The encrypted secret, as the configuration that makes the key puts it out."
  type        = string
  default     = null
}

variable "age_identity" {
  description = "The age identity that it is encrypted to."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

# For a write-only argument, or for the configuration of another provider.
ephemeral "ram_decrypted_secret" "ci" {
  encrypted_secret = var.encrypted_secret
  identity         = var.age_identity
}
