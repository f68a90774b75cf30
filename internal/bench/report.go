package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// report is everything that was measured.
type report struct {
	command   string // that measured
	progress  io.Writer
	mixes     []measurement
	scenarios []scenario
}

// markdown is the page that shows it.
func (r report) markdown() string {
	var page strings.Builder
	fmt.Fprintf(&page, `# Speed at scale

Measured by `+"`%s`"+` with a real Terraform and the emulator, which answers after %s and enforces the
documented rates: 100 reads, 20 writes of objects and 10 of relations a second, for each operation. This run: %s,
%s/%s, %d processors, which Terraform, the provider and the emulator share.

The floor is the least time that anybody needs: the operation that fills its quota longest, or all calls one after the
other on the ten lines that Terraform uses. A late refusal is a call that the service refused more than a second after
the first call of its operation. Memory is the most that a process of the provider ever had resident, processor the time
that all its processes computed, and beside it what Terraform computed itself.

![Time beside the floor](scale.svg)

## A realistic account

N users with an AccessKey and two policies each, and N/10 roles with a custom policy each, in a module for each user and
role. The state lies behind the backend "http".

Two things stand between the time and the floor. Terraform computes, before the first call of an apply and between the
calls, and that grows faster than the number of objects. And it takes up what is ready in the order in which it became
so, ten at a time: while ten users wait for the quota of CreateUser, that of AttachPolicyToUser lies idle. In turn is
how long the quotas take if none is used at the same time as another. Where both processor times add up to the time
taken on all processors, these are the limit and not the quotas.

| N | Resources | Command | Calls | Late refusals | Time | Floor | Ratio | In turn | Memory | Processor | of Terraform |
| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
`, r.command, latency, clock.System.Now().UTC().Format("January 2006"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, m := range r.mixes {
		fmt.Fprintf(&page, "| %d | %d | %s | %d | %d | %s | %s | %.2f | %s | %s | %s | %s |\n",
			m.workload.users, m.workload.objects(), m.phase, m.total, m.late, seconds(m.took), seconds(m.floor), m.ratio(), seconds(m.inTurn), megabytes(m.usage.peakMemory), seconds(m.usage.cpu), seconds(m.terraform))
	}
	page.WriteString("\n## At the quota\n\nMemory is that of all processes of the provider together. What somebody else calls is counted, too; where that is\nrefused, they get less than their half, and the provider more.\n\n" +
		"| What | Goal | Calls | Late refusals | Time | Floor | Ratio | Memory | Processor | of Terraform |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, s := range r.scenarios {
		fmt.Fprintf(&page, "| %s | %s | %d | %d | %s | %s | %.2f | %s | %s | %s |\n",
			s.name, s.goal, s.total, s.late, seconds(s.took), seconds(s.floor), s.ratio(), megabytes(s.usage.together), seconds(s.usage.cpu), seconds(s.terraform))
	}
	page.WriteString("\n## Calls by operation\n")
	for _, m := range r.mixes {
		fmt.Fprintf(&page, "\n**%d users, %s:** %s\n", m.workload.users, m.phase, operations(m.calls))
	}
	for _, s := range r.scenarios {
		fmt.Fprintf(&page, "\n**%s:** %s\n", s.name, operations(s.calls))
	}
	return page.String()
}

// operations lists the calls, the most frequent first.
func operations(calls map[string]int) string {
	names := slices.SortedFunc(maps.Keys(calls), func(a, b string) int {
		return cmp.Or(cmp.Compare(calls[b], calls[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, calls[name])
	}
	return strings.Join(names, ", ")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}
