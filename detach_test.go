package main

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ramprovider/terraform-provider-ram/internal/clock"
	"github.com/ramprovider/terraform-provider-ram/internal/provider"
)

type contextKey struct{}

// A thousand requests must not leave a thousand contexts. That the framework alone keeps
// them is why detached is there: if this fails for the loud provider one day, it can go.
func TestServer_letsGoOfContexts(t *testing.T) {
	t.Parallel()
	const requests = 20
	config, err := tfprotov6.NewDynamicValue(tftypes.Object{}, tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		silent bool
		kept   int64
	}{
		"silent": {true, 0},
		"loud":   {false, requests},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served := server(provider.Host{}, test.silent)
			var kept atomic.Int64
			for range requests {
				value := new([4096]byte)
				kept.Add(1)
				runtime.AddCleanup(value, func(int) { kept.Add(-1) }, 0)
				ctx, cancel := context.WithCancel(context.WithValue(context.Background(), contextKey{}, value))
				_, err := served.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "ram_caller_identity", Config: &config})
				cancel()
				if err != nil {
					t.Fatal(err)
				}
			}
			for range 100 { // cleanups run some time after the collection
				runtime.GC()
				if kept.Load() == test.kept {
					break
				}
				if err := clock.System.Sleep(t.Context(), 10*time.Millisecond); err != nil {
					t.Fatal(err)
				}
			}
			if got := kept.Load(); got != test.kept {
				t.Errorf("%d contexts are kept, want %d", got, test.kept)
			}
			runtime.KeepAlive(served)
		})
	}
}

// waiting answers when its context ends.
type waiting struct{ framework }

func (waiting) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestDetached_endsWithTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (detached{waiting{}}).ReadResource(ctx, &tfprotov6.ReadResourceRequest{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
