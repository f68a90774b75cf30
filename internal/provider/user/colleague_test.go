package user_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// settled is longer than a read doubts what contradicts the last write.
const settled = time.Minute

// What a colleague does to users in the console.

func userNamed(t *testing.T, env *acctest.Env, name string) ramclient.User {
	t.Helper()
	user, err := env.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: env.PrincipalName(name)})
	must(t, err)
	return user
}

func createOutside(t *testing.T, env *acctest.Env, name string) ramclient.User {
	t.Helper()
	user, err := env.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: env.PrincipalName(name), DisplayName: name})
	must(t, err)
	return user
}

func renameOutside(t *testing.T, env *acctest.Env, from, to string) {
	t.Helper()
	env.Clock.Advance(settled)
	name := env.PrincipalName(to)
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: userNamed(t, env, from).UserID, NewUserPrincipalName: &name})
	must(t, err)
}

func deleteOutside(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	must(t, env.Client.DeleteUser(t.Context(), userNamed(t, env, name).UserID))
}

func tagOutside(t *testing.T, env *acctest.Env, name string, tags ramclient.Tags) {
	t.Helper()
	must(t, env.Client.TagUsers(t.Context(), []string{userNamed(t, env, name).UserID}, tags))
}

func joinGroup(t *testing.T, env *acctest.Env, name, group string) {
	t.Helper()
	call(t, env, ims("CreateGroup"), struct {
		GroupName string `param:"GroupName"`
	}{group}, nil)
	env.Clock.Advance(settled)
	call(t, env, ims("AddUserToGroup"), struct {
		UserPrincipalName string `param:"UserPrincipalName"`
		GroupName         string `param:"GroupName"`
	}{env.PrincipalName(name), group}, nil)
}

func giveLogin(t *testing.T, env *acctest.Env, name string) {
	t.Helper()
	call(t, env, ims("CreateLoginProfile"), struct {
		UserPrincipalName string     `param:"UserPrincipalName"`
		Password          rpc.Secret `param:"Password"`
	}{env.PrincipalName(name), rpc.NewSecret("an-Example-1")}, nil)
}

// bindDevice binds a new MFA device to the user and returns its serial number.
func bindDevice(t *testing.T, env *acctest.Env, name string) string {
	t.Helper()
	var made struct {
		VirtualMFADevice struct{ SerialNumber, Base32StringSeed string }
	}
	call(t, env, ims("CreateVirtualMFADevice"), struct {
		Name string `param:"VirtualMFADeviceName"`
	}{name}, &made)
	env.Clock.Advance(settled)
	device, now := made.VirtualMFADevice, env.Clock.Now()
	call(t, env, ims("BindMFADevice"), struct {
		UserPrincipalName string `param:"UserPrincipalName"`
		SerialNumber      string `param:"SerialNumber"`
		Code1             string `param:"AuthenticationCode1"`
		Code2             string `param:"AuthenticationCode2"`
	}{env.PrincipalName(name), device.SerialNumber, code(t, device.Base32StringSeed, now), code(t, device.Base32StringSeed, now.Add(codePeriod))}, nil)
	return device.SerialNumber
}

const codePeriod = 30 * time.Second

// code is what an MFA device shows at a time (RFC 6238).
func code(t *testing.T, seed string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(seed)
	must(t, err)
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())/30))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// call makes a call that the product itself has no use for.
func call(t *testing.T, env *acctest.Env, operation rpc.Operation, in, out any) {
	t.Helper()
	operation.Retry = rpc.RetryNever
	client := rpc.New(rpc.Config{Endpoints: map[string]string{operation.Product: env.URL}, Credentials: adminOf{env}, Clock: env.Clock})
	must(t, client.Do(t.Context(), operation, in, out))
}

func ims(name string) rpc.Operation {
	return rpc.Operation{Product: "IMS", Version: "2019-08-15", Name: name}
}

func ram(name string) rpc.Operation {
	return rpc.Operation{Product: "RAM", Version: "2015-05-01", Name: name}
}

type adminOf struct{ env *acctest.Env }

func (a adminOf) Credentials(context.Context) (rpc.Credentials, error) {
	return rpc.Credentials{AccessKeyID: a.env.Admin.ID, AccessKeySecret: rpc.NewSecret(a.env.Admin.Secret)}, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// attributeOf reads an attribute of the test's user from state.
func attributeOf(name string) func(*terraform.State) (string, error) {
	return func(state *terraform.State) (string, error) {
		found, ok := state.RootModule().Resources[address]
		if !ok {
			return "", fmt.Errorf("%s is not in state", address)
		}
		return found.Primary.Attributes[name], nil
	}
}
