package acctest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as the service's virtual MFA devices use it
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// What a colleague does in the console.

// MakeUser makes a user.
func (e *Env) MakeUser(t testing.TB, name string) ramclient.User {
	t.Helper()
	user, err := e.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: e.PrincipalName(name), DisplayName: name})
	Must(t, err)
	return user
}

// MakeGroup makes a group.
func (e *Env) MakeGroup(t testing.TB, name string) ramclient.Group {
	t.Helper()
	group, err := e.Client.CreateGroup(t.Context(), ramclient.CreateGroupInput{GroupName: name})
	Must(t, err)
	return group
}

// JoinGroup puts a user into a new group.
func (e *Env) JoinGroup(t testing.TB, userName, group string) {
	t.Helper()
	e.MakeGroup(t, group)
	e.Clock.Advance(settled)
	Must(t, e.Client.AddUserToGroup(t.Context(), e.PrincipalName(userName), group))
}

// GiveLogin lets a user log in to the console.
func (e *Env) GiveLogin(t testing.TB, userName string) {
	t.Helper()
	_, err := e.Client.CreateLoginProfile(t.Context(), ramclient.CreateLoginProfileInput{
		UserPrincipalName: e.PrincipalName(userName), Password: rpc.NewSecret("an-Example-1"),
	})
	Must(t, err)
}

// BindMFADevice binds a new MFA device to a user and returns its serial number.
func (e *Env) BindMFADevice(t testing.TB, userName string) string {
	t.Helper()
	var made struct {
		VirtualMFADevice struct{ SerialNumber, Base32StringSeed string }
	}
	e.Call(t, ims("CreateVirtualMFADevice"), struct {
		Name string `param:"VirtualMFADeviceName"`
	}{userName}, &made)
	e.Clock.Advance(settled)
	device, now := made.VirtualMFADevice, e.Clock.Now()
	e.Call(t, ims("BindMFADevice"), struct {
		UserPrincipalName string `param:"UserPrincipalName"`
		SerialNumber      string `param:"SerialNumber"`
		Code1             string `param:"AuthenticationCode1"`
		Code2             string `param:"AuthenticationCode2"`
	}{
		e.PrincipalName(userName), device.SerialNumber,
		mfaCode(t, device.Base32StringSeed, now), mfaCode(t, device.Base32StringSeed, now.Add(mfaPeriod)),
	}, nil)
	return device.SerialNumber
}

// settled is longer than any lag.
const settled = time.Minute

const mfaPeriod = 30 * time.Second

// mfaCode is what an MFA device shows at a time (RFC 6238).
func mfaCode(t testing.TB, seed string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(seed)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())/30)) //nolint:gosec // after 1970
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// Call makes, as the account itself, a call that the typed client does not have.
func (e *Env) Call(t testing.TB, operation rpc.Operation, in, out any) {
	t.Helper()
	operation.Retry = rpc.RetryNever
	client := rpc.New(rpc.Config{
		Endpoints:   map[string]string{operation.Product: e.URL},
		Credentials: fixed{rpc.Credentials{AccessKeyID: e.root.ID, AccessKeySecret: rpc.NewSecret(e.root.Secret)}},
		Clock:       e.Clock,
	})
	if err := client.Do(t.Context(), operation, in, out); err != nil {
		t.Fatal(err)
	}
}

func ims(name string) rpc.Operation {
	return rpc.Operation{Product: "IMS", Version: "2019-08-15", Name: name}
}
