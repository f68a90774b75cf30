package main

import (
	"fmt"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/provider/highrisk"
)

// highRiskSection is the table of the system policies that high_risk_policies is about.
func highRiskSection() string {
	var out strings.Builder
	out.WriteString("| System policy | Lets its holder |\n| --- | --- |\n")
	for _, one := range highrisk.SystemPolicies() {
		fmt.Fprintf(&out, "| `%s` | %s |\n", one.Name, cell(one.Lets))
	}
	return out.String()
}
