import {
  to = ram_role.auditor
  identity = {
    name = "external-auditor"
  }
}
