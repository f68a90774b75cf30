# ram-emulator exec -- terraform test

variables {
  bucket      = "example-logs"
  external_id = "abcd1234"
}

# As the emulator's profile says: an administrator.
provider "ram" {}

# As the application signs.
provider "ram" {
  alias             = "app"
  access_key_id     = run.apply.access_key_id
  access_key_secret = run.apply.access_key_secret
}

# As the application when it audits.
provider "ram" {
  alias             = "auditor"
  access_key_id     = run.apply.access_key_id
  access_key_secret = run.apply.access_key_secret
  assume_role       = [{ role_arn = run.apply.role_arn, external_id = "abcd1234" }]
}

# As somebody who does not know the external ID.
provider "ram" {
  alias             = "stranger"
  access_key_id     = run.apply.access_key_id
  access_key_secret = run.apply.access_key_secret
  assume_role       = [{ role_arn = run.apply.role_arn }]
}

run "apply" {
  # Services such as OSS are not emulated; what the policy says about them can be asked.
  assert {
    condition     = provider::ram::policy_allows([output.policy_document], "oss:GetObject", "acs:oss:*:*:example-logs/app.log", { "acs:SourceIp" = ["203.0.113.7"] })
    error_message = "The application cannot read its bucket from the office."
  }

  assert {
    condition     = !provider::ram::policy_allows([output.policy_document], "oss:GetObject", "acs:oss:*:*:example-logs/app.log", { "acs:SourceIp" = ["198.51.100.7"] })
    error_message = "The application can read its bucket from anywhere."
  }

  assert {
    condition     = !provider::ram::policy_allows([output.policy_document], "oss:GetObject", "acs:oss:*:*:other-logs/app.log", { "acs:SourceIp" = ["203.0.113.7"] })
    error_message = "The application can read other buckets."
  }

  assert {
    condition = alltrue([
      for action in ["oss:PutObject", "oss:DeleteObject", "oss:PutBucketAcl", "ram:CreateAccessKey"] :
      !provider::ram::policy_allows([output.policy_document], action, "acs:oss:*:*:example-logs/app.log", { "acs:SourceIp" = ["203.0.113.7"] })
    ])
    error_message = "The application can do more than read."
  }
}

# RAM and STS are emulated with their permissions, so here the calls are made.
run "the_application_cannot_read_users" {
  module {
    source = "./tests/act_as"
  }
  providers       = { ram = ram.app }
  expect_failures = [check.reads_users]
}

run "an_auditor_reads_users" {
  module {
    source = "./tests/act_as"
  }
  providers = { ram = ram.auditor }
}

run "without_the_external_id_nothing_opens" {
  module {
    source = "./tests/act_as"
  }
  providers       = { ram = ram.stranger }
  expect_failures = [check.signs_in, check.reads_users]
}
