# By its name. Only custom policies can be imported.
terraform import ram_policy.report_reader report-reader
