package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/ramprovider/terraform-provider-ram/internal/auth"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

type keyOf string

func (k keyOf) Credentials(context.Context) (rpc.Credentials, error) {
	return rpc.Credentials{AccessKeyID: string(k), AccessKeySecret: rpc.NewSecret("testsecret")}, nil
}

// Two exchanges at the same time must not lend each other their credentials or hosts;
// the race detector sees if they share so much as a variable.
func TestAssumeRoleOverKeepsExchangesApart(t *testing.T) {
	t.Parallel()
	assume := assumeRoleOver(ramclient.Config{MaxRetries: -1})
	var wait sync.WaitGroup
	for range 8 {
		sts := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(sts.Close)
		wait.Go(func() {
			_, err := assume(t.Context(), keyOf("LTAIexample000000000001"), sts.URL, auth.AssumeRoleInput{
				RoleARN: "acs:ram::1000000000000001:role/demo", SessionName: "demo",
			})
			if err == nil {
				t.Error("a host that knows no STS gave a session")
			}
		})
	}
	wait.Wait()
}
