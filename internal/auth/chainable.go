package auth

import (
	"fmt"
	"slices"
	"strings"
)

// maxSourceProfiles bounds a chain of profiles; the CLI itself has no bound and crashes
// on a cycle.
const maxSourceProfiles = 10

// chainProfile builds mode ChainableRamRoleArn: another profile of the file, of any mode,
// signs AssumeRole. Every link keeps its own cache and its own STS host.
func chainProfile(r *resolver, p profile) (*Source, error) {
	if err := missing(setting{"source_profile", p.SourceProfile}); err != nil {
		return nil, err
	}
	if start := slices.Index(p.via, p.SourceProfile); start >= 0 {
		cycle := append(slices.Clone(p.via[start:]), p.SourceProfile)
		return nil, fmt.Errorf("profile chain has a cycle: %s", strings.Join(cycle, " -> "))
	}
	if len(p.via) >= maxSourceProfiles {
		return nil, fmt.Errorf("profile chain is longer than %d: %s", maxSourceProfiles, strings.Join(p.via, " -> "))
	}
	base, err := r.buildProfile(p.file, p.SourceProfile, p.via)
	if err != nil {
		return nil, fmt.Errorf("source %q: %w", p.SourceProfile, err)
	}
	return r.roleOfProfile(base, p)
}
