# Without any argument, credentials come from the environment or from the Alibaba Cloud
# CLI's current profile. The guard then keeps a mixed-up shell from changing the wrong
# account.
terraform {
  required_providers {
    ram = {
      source = "ramprovider/ram"
    }
  }
}

provider "ram" {
  allowed_account_ids = ["1000000000000001"]

  default_tags = {
    tags = {
      managed-by = "terraform"
    }
  }
}
