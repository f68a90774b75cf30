package main

import (
	"fmt"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// assumptionSections makes one table for each degree of certainty, keyed by what the
// marker of the guide says, such as "assumptions confirmed".
func assumptionSections() map[string]string {
	sections := map[string]string{}
	for _, status := range []emulator.Status{emulator.Confirmed, emulator.Documented, emulator.Assumed} {
		sections["assumptions "+string(status)] = assumptionTable(status)
	}
	return sections
}

func assumptionTable(status emulator.Status) string {
	var out strings.Builder
	out.WriteString("| Name | What the emulator does | Why |\n| --- | --- | --- |\n")
	for _, one := range emulator.Assumptions() {
		if one.Status != status {
			continue
		}
		why := one.Basis
		if one.Switch != "" {
			why += fmt.Sprintf(" (`Config.%s`)", one.Switch)
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", one.ID, cell(one.Behaviour), cell(why))
	}
	return out.String()
}

// cell keeps text from breaking out of a table cell, or from being taken for HTML.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "\n", " ").Replace(text)
}
