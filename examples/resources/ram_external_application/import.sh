# By the ID of the application: here official-cli of the international site.
terraform import ram_external_application.cli 4103531455503354461
