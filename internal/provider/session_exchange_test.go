package provider_test

import (
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// What may pass is repeated where a session is got; what will not is said at once, with
// what to do about it.
func TestModes_exchangeThatFails(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"RamRoleArn", "OIDC", "RsaKeyPair"} {
		for name, test := range map[string]struct {
			faults []emulator.Fault
			calls  int
			want   []string // of the error; none if it works in the end
		}{
			"throttled twice":     {[]emulator.Fault{emulator.Throttle(time.Second), emulator.Throttle(0)}, 3, nil},
			"out of order once":   {[]emulator.Fault{emulator.Refuse(503, "ServiceUnavailable", "Later.")}, 2, nil},
			"a lost answer":       {[]emulator.Fault{emulator.CommitThenReset()}, 2, nil},
			"a wrong clock":       {[]emulator.Fault{emulator.Refuse(400, "InvalidTimeStamp.Expired", "Late.")}, 1, []string{"InvalidTimeStamp.Expired"}},
			"a refusal":           {[]emulator.Fault{emulator.Refuse(403, "NoPermission", "No.")}, 1, []string{"NoPermission: No."}},
			"a wrong secret":      {[]emulator.Fault{emulator.Refuse(400, "SignatureDoesNotMatch", "string to sign: hidden")}, 1, []string{"SignatureDoesNotMatch"}},
			"a role that is gone": {[]emulator.Fault{emulator.Refuse(404, "EntityNotExist.Role", "Gone.")}, 1, []string{"EntityNotExist.Role: Gone."}},
		} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				ready := credentialModes[mode](t, env)
				arguments, _ := ready.configure(t, env, "profile")
				env.Emulator.ResetRequests()
				env.Emulator.Fail(ready.issue, test.faults...)
				_, diags := env.Protocol(t, arguments).ReadData("ram_caller_identity", attributes{})
				if test.want == nil && diags.HasError() {
					t.Errorf("got %q, want no error", diags.Errors())
				}
				if test.want != nil {
					acctest.RequireOne(t, diags.Errors(), append(test.want, "Cannot find out who the caller is")...)
				}
				if got := env.Emulator.Count(ready.issue); got != test.calls {
					t.Errorf("%d calls of %s, want %d", got, ready.issue, test.calls)
				}
			})
		}
	}
}
