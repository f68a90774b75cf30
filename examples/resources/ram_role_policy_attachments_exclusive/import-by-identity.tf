import {
  to = ram_role_policy_attachments_exclusive.web_server
  identity = {
    role_name = "web-server"
  }
}
