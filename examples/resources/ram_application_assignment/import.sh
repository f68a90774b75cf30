# <app_id>/<principal_type>/<principal_name>
terraform import ram_application_assignment.alice 4103531455503354461/user/alice
