import {
  to = ram_application_assignment.alice
  identity = {
    app_id         = "4103531455503354461"
    principal_type = "user"
    principal_name = "alice"
  }
}
