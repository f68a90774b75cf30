// Command bench measures the provider at scale: a real Terraform creates, plans, tags and
// destroys realistic accounts of 10, 100 and 1,000 users against an emulator with a
// latency of 50 ms and the documented rates. It reports calls, refusals, time beside the
// floor that the rates allow, and what the provider's process needed, as a Markdown page
// and a chart.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	sizes := flag.String("n", "10,100,1000", "numbers of users, separated by commas")
	grants := flag.Int("grants", 1000, "attachments with which the quota is filled, a multiple of 10")
	out := flag.String("out", "benchmarks", "directory of the report")
	flag.Parse()
	if err := run(ctx, *sizes, *grants, *out); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes string, grants int, out string) error {
	if grants < 10 || grants > maxRange || grants%10 != 0 {
		return fmt.Errorf("-grants: %d is not a multiple of 10 up to %d", grants, maxRange)
	}
	dir, err := os.MkdirTemp("", "ram-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	tools, err := prepare(ctx, ".", dir)
	if err != nil {
		return err
	}

	report := report{command: strings.Join(append([]string{"go run ./internal/bench"}, os.Args[1:]...), " "), progress: os.Stdout}
	mixes, err := parse(sizes)
	if err != nil {
		return err
	}
	if err := measureMixes(ctx, tools, mixes, &report); err != nil {
		return err
	}
	if err := measureScenarios(ctx, tools, grants, &report); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "scale.svg"), []byte(report.chart()), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "README.md"), []byte(report.markdown()), 0o600)
}

// maxRange is where Terraform's range() ends, with which the configurations count.
const maxRange = 1024

func parse(sizes string) ([]workload, error) {
	var mixes []workload
	for text := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 10 || n > maxRange {
			return nil, fmt.Errorf("-n: %q is not a number from 10 to %d", text, maxRange)
		}
		mixes = append(mixes, mix(n))
	}
	return mixes, nil
}
