terraform {
  required_version = ">= 1.11"
  required_providers {
    ram   = { source = "ramprovider/ram" }
    vault = { source = "hashicorp/vault" }
  }
}

variable "age_recipient" {
  description = "The recipient of the pipeline's age identity, age1…"
  type        = string
}

resource "ram_user" "ci" {
  name = "ci-deploy"
}

resource "ram_access_key" "ci" {
  user_name       = ram_user.ci.name
  age_recipients  = [var.age_recipient]
  rotation_period = "90d"

  lifecycle {
    create_before_destroy = true
  }
}

# Decrypts in memory, with the identity in RAM_AGE_IDENTITY.
ephemeral "ram_decrypted_secret" "ci" {
  encrypted_secret = ram_access_key.ci.encrypted_secret
}

resource "vault_kv_secret_v2" "ci" {
  mount = "secret"
  name  = "ci-deploy"
  data_json_wo = jsonencode({
    access_key_id     = ram_access_key.ci.access_key_id
    access_key_secret = ephemeral.ram_decrypted_secret.ci.secret
  })
  data_json_wo_version = ram_access_key.ci.secret_version
}
