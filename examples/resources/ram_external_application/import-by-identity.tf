import {
  to = ram_external_application.cli
  identity = {
    app_id = "4103531455503354461"
  }
}
