import {
  to = ram_oidc_provider.ci
  identity = {
    name = "ci"
  }
}
