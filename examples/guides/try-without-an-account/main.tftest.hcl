run "the_key_works" {
  assert {
    condition     = ram_access_key.ci.status == "Active"
    error_message = "The key of the user is not active."
  }
}

run "the_user_may_not_write" {
  assert {
    condition     = ram_user_policy_attachment.ci.policy_name == "AliyunOSSReadOnlyAccess"
    error_message = "CI must not be able to write to OSS."
  }
}
