package connection

import "sync"

// Names is what this process plans to do with the names of users, or of groups. What
// hangs on a user (its keys, its policies) asks when the name in its configuration
// changes: if the same user will bear the new name, it follows in place; if a user yet
// to be created will, it must be replaced. Terraform plans a user before what refers to
// it, and again before it applies it, so plan and apply are told the same.
type Names struct {
	mu    sync.Mutex
	owner map[string]string // by name: the id of its bearer to be, "" if not created yet
}

func newNames() *Names { return &Names{owner: map[string]string{}} }

// PlanCreate notes that a user or group of this name is to be created.
func (n *Names) PlanCreate(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.owner[name] = ""
}

// PlanRename notes that the bearer of an id is to be renamed. If nobody else is planned
// to take the old name, nothing is known of it.
func (n *Names) PlanRename(id, from, to string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.owner[from] == id {
		delete(n.owner, from)
	}
	n.owner[to] = id
}

// Planned says who will bear the name: the id is empty for one yet to be created. It
// reports false if no plan of this process touches the name.
func (n *Names) Planned(name string) (id string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok = n.owner[name]
	return id, ok
}
