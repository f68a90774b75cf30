# A profile of ~/.aliyun/config.json, as written by `aliyun configure --profile production`.
provider "ram" {
  profile = "production"
}
