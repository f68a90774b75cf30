import {
  to = ram_policy.report_reader
  id = "report-reader"
}
