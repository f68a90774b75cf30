import {
  to = ram_group.developers
  identity = {
    name = "developers"
  }
}
