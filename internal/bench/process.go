package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
)

// usage is what the provider's processes of one command needed. A command starts several,
// one after the other, and for each provider block.
type usage struct {
	peakMemory int64 // bytes, of the largest
	together   int64 // bytes, of all that ran at the same time
	cpu        time.Duration
}

// watch samples every process that runs the binary until ctx ends. It reads /proc, so
// elsewhere than on Linux there is nothing to see.
func watch(ctx context.Context, binary string) (result func() usage) {
	var done sync.WaitGroup
	peak, together, cpu := int64(0), int64(0), map[string]time.Duration{}
	done.Go(func() {
		for clock.System.Sleep(ctx, 50*time.Millisecond) == nil {
			sum := int64(0)
			links, _ := filepath.Glob("/proc/[0-9]*/exe")
			for _, link := range links {
				if target, err := os.Readlink(link); err != nil || target != binary {
					continue
				}
				process := filepath.Dir(link)
				peak = max(peak, memory(process, "VmHWM:"))
				sum += memory(process, "VmRSS:")
				cpu[process] = max(cpu[process], cpuTime(process))
			}
			together = max(together, sum)
		}
	})
	return func() usage {
		done.Wait()
		total := usage{peakMemory: peak, together: together}
		for _, one := range cpu {
			total.cpu += one
		}
		return total
	}
}

// memory is one of the sizes that proc(5) tells: VmRSS is resident now, VmHWM the most
// that ever was.
func memory(process, size string) int64 {
	status, _ := os.ReadFile(filepath.Join(process, "status"))
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, size); ok {
			kilobytes, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

// cpuTime is user and system time together, fields 14 and 15 of stat in proc(5), which
// counts in hundredths of a second.
func cpuTime(process string) time.Duration {
	stat, _ := os.ReadFile(filepath.Join(process, "stat"))
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
