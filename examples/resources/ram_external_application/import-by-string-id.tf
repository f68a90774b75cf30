import {
  to = ram_external_application.cli
  id = "4103531455503354461"
}
