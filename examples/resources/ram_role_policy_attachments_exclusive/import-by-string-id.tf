import {
  to = ram_role_policy_attachments_exclusive.web_server
  id = "web-server"
}
