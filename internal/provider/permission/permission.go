// Package permission lists what the caller of a resource must be allowed to do. The
// lists are made of the operations themselves, so the documentation cannot drift from
// the code; a test runs every resource with exactly these permissions.
package permission

import "github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"

// Table holds, for each verb of what the provider offers, the operations it calls.
type Table struct {
	// Read is what plan and refresh call; data sources and list resources have nothing else.
	Read []rpc.Operation
	// Create, Update and Delete are the calls of apply, without those of Read.
	Create, Update, Delete []rpc.Operation
	// Import is what an import calls before the first read.
	Import []rpc.Operation
	// Invoke is what an action calls; it has nothing else.
	Invoke []rpc.Operation
	// Optional are calls that make things better and may be refused: the reads of
	// many objects at once, the looks into the recycle bin.
	Optional []rpc.Operation
}

// A Declarer says which operations it calls.
type Declarer interface{ Permissions() Table }
