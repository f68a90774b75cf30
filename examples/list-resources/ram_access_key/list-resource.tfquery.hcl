# Every AccessKey of every user, to bring under Terraform what nobody manages.
list "ram_access_key" "all" {
  provider         = ram
  limit            = 5000
  include_resource = true
}

# Those of one user.
list "ram_access_key" "ci" {
  provider = ram

  config {
    user_name = "ci"
  }
}

# What the recycle bin still holds.
list "ram_access_key" "recycled" {
  provider = ram

  config {
    recycled = true
  }
}
