import {
  to = ram_oidc_provider.ci
  id = "ci"
}
