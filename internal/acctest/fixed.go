package acctest

import (
	"context"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// fixed are credentials that never change.
type fixed struct{ credentials rpc.Credentials }

func (f fixed) Credentials(context.Context) (rpc.Credentials, error) { return f.credentials, nil }
