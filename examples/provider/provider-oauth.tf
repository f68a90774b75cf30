# A login in the browser, made with `aliyun configure --mode OAuth --profile browser`
# (CLI 3.0.299 or newer). The provider renews it and writes it back to config.json.
provider "ram" {
  profile             = "browser"
  allowed_account_ids = ["1000000000000001"]
}
