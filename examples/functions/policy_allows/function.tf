data "ram_policy_document" "upload" {
  statement {
    actions   = ["oss:PutObject", "oss:GetObject"]
    resources = ["acs:oss:*:*:invoices/*"]
  }
}

resource "ram_policy" "upload" {
  name            = "upload-invoices"
  policy_document = data.ram_policy_document.upload.json

  # Whoever edits the document later cannot let it delete by mistake.
  lifecycle {
    postcondition {
      condition = !provider::ram::policy_allows(
        [self.policy_document], "oss:DeleteObject", "acs:oss:*:*:invoices/2026.pdf", {},
      )
      error_message = "The uploader must not delete invoices."
    }
  }
}

# Everything that a user has, taken together, in the office and elsewhere.
data "ram_policy" "office_only" {
  name        = ram_policy.office_only.name
  policy_type = "Custom"
}

resource "ram_policy" "office_only" {
  name = "office-only"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { NotIpAddress = { "acs:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}

locals {
  both = [ram_policy.upload.policy_document, data.ram_policy.office_only.policy_document]
}

check "uploads_from_the_office_only" {
  assert {
    condition = provider::ram::policy_allows(
      local.both, "oss:PutObject", "acs:oss:*:*:invoices/2026.pdf", { "acs:SourceIp" = ["203.0.113.7"] },
    )
    error_message = "The office cannot upload."
  }
  assert {
    condition = !provider::ram::policy_allows(
      local.both, "oss:PutObject", "acs:oss:*:*:invoices/2026.pdf", { "acs:SourceIp" = ["198.51.100.7"] },
    )
    error_message = "Strangers can upload."
  }
}
