package connection

import "sync"

// A PolicyHolder is a principal and the resource group that it holds policies for; empty
// for the whole account.
type PolicyHolder struct {
	Parent
	ResourceGroupID string
}

// Claims is what the plans of this process say about who manages the policies of a
// holder. A set that owns all of them and attachments of single ones undo each other's
// work, which each alone cannot see.
type Claims struct {
	mu      sync.Mutex
	owned   map[PolicyHolder]bool
	singles map[PolicyHolder][]string
}

func newClaims() *Claims {
	return &Claims{owned: map[PolicyHolder]bool{}, singles: map[PolicyHolder][]string{}}
}

// ClaimAll notes that a set owns every policy of the holder, and returns the single
// policies that were claimed before.
func (c *Claims) ClaimAll(holder PolicyHolder) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owned[holder] = true
	return c.singles[holder]
}

// ClaimOne notes that one policy of the holder is attached or detached by itself, and
// reports whether a set has claimed all of them before.
func (c *Claims) ClaimOne(holder PolicyHolder, policy string) (owned bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.singles[holder] = append(c.singles[holder], policy)
	return c.owned[holder]
}
