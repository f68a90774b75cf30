import {
  to = ram_role.auditor
  id = "external-auditor"
}
