# A login made with `aliyun configure --mode CloudSSO --profile sso` (CLI 3.0.271 or newer).
# When it ends, log in with the same command again.
provider "ram" {
  profile             = "sso"
  allowed_account_ids = ["1000000000000001"]
}
