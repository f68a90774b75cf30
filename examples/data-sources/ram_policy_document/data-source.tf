# A permission policy.
data "ram_policy_document" "logs" {
  statement {
    sid       = "read"
    actions   = ["oss:GetObject", "oss:ListObjects"]
    resources = ["acs:oss:*:*:example-logs", "acs:oss:*:*:example-logs/*"]
  }

  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]

    condition {
      operator = "Bool"
      variable = "acs:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "ram_policy" "logs" {
  name            = "log-reader"
  policy_document = data.ram_policy_document.logs.json
}

# The same with one statement replaced, which its sid makes possible.
data "ram_policy_document" "logs_of_today" {
  source_policy_documents = [data.ram_policy_document.logs.source_json]

  statement {
    sid       = "read"
    actions   = ["oss:GetObject"]
    resources = ["acs:oss:*:*:example-logs/today/*"]
  }
}

resource "ram_policy" "logs_of_today" {
  name            = "log-reader-today"
  policy_document = data.ram_policy_document.logs_of_today.json
}

# A trust policy: it names principals and no resources.
data "ram_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principal {
      entity      = "RAM"
      identifiers = ["acs:ram::1000000000000002:root"]
    }

    condition {
      operator = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["log-shipping"]
    }
  }
}

resource "ram_role" "log_shipper" {
  name                        = "log-shipper"
  assume_role_policy_document = data.ram_policy_document.trust.json
}
