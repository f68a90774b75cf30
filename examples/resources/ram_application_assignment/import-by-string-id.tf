import {
  to = ram_application_assignment.alice
  id = "4103531455503354461/user/alice"
}
