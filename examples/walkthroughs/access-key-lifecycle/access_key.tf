variable "key" {
  description = "Whether the user has an AccessKey."
  type        = bool
  default     = true
}

variable "key_status" {
  description = "Active or Inactive."
  type        = string
  default     = "Active"
}

variable "key_rotation" {
  description = "Change this for a new AccessKey."
  type        = string
  default     = "first"
}

variable "key_on_destroy" {
  description = "What becomes of a deleted AccessKey: recycle moves it to the recycle bin, purge also takes it out of there, for good."
  type        = string
  default     = "recycle"
}

# Create an AccessKey pair. Its secret is shown once, to Terraform; age_recipients or
# pgp_key would encrypt it before it reaches the state.
resource "ram_access_key" "tutorial" {
  count               = var.key ? 1 : 0
  user_name           = ram_user.tutorial.name
  status              = var.key_status
  on_destroy          = var.key_on_destroy
  rotate_when_changed = { rotation = var.key_rotation }

  lifecycle {
    create_before_destroy = true
  }
}

output "access_key_id" {
  value = one(ram_access_key.tutorial[*].access_key_id)
}

output "access_key_secret" {
  value     = one(ram_access_key.tutorial[*].secret)
  sensitive = true
}
