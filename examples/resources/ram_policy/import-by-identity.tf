import {
  to = ram_policy.report_reader
  identity = {
    name = "report-reader"
  }
}
