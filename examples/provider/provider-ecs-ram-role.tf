# On an ECS instance: the session of the RAM role that is attached to it.
provider "ram" {
  ecs_ram_role = {
    role_name      = "terraform-runner" # left out, the instance is asked
    disable_imdsv1 = true               # metadata with a token only
  }
}
