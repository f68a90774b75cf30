package compat

import (
	"errors"
	"fmt"
	"testing"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ram"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
)

// TestSDKV1 drives the typed RAM and STS clients of the first generation of SDKs: they
// sign the query (V1), page with markers and decode answers into structs of their own.
func TestSDKV1(t *testing.T) {
	t.Parallel()
	s := start(t)
	account := s.Accounts()[0].ID

	identities, err := sts.NewClientWithAccessKey("cn-hangzhou", s.Root().ID, s.Root().Secret)
	if err != nil {
		t.Fatal(err)
	}
	who := sts.CreateGetCallerIdentityRequest()
	who.Domain = s.Host
	caller, err := identities.GetCallerIdentity(who)
	if err != nil {
		t.Fatal(err)
	}
	if caller.AccountId != account || caller.IdentityType != "Account" {
		t.Errorf("caller = %s %s, want Account %s", caller.IdentityType, caller.AccountId, account)
	}

	users, err := ram.NewClientWithAccessKey("cn-hangzhou", s.Root().ID, s.Root().Secret)
	if err != nil {
		t.Fatal(err)
	}
	const created = 5
	for i := range created {
		create := ram.CreateCreateUserRequest()
		create.Domain, create.Scheme = s.Host, "http"
		create.UserName, create.Comments = fmt.Sprintf("user-%d", i), "a b+c~d*e/é"
		answer, err := users.CreateUser(create)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := answer.User.Comments, create.Comments; got != want {
			t.Errorf("comments = %q, want %q", got, want)
		}
	}

	seen := map[string]bool{}
	list := ram.CreateListUsersRequest()
	list.Domain, list.Scheme, list.MaxItems = s.Host, "http", "2"
	for page := 0; ; page++ {
		if page > created {
			t.Fatal("the list does not end")
		}
		answer, err := users.ListUsers(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, user := range answer.Users.User {
			seen[user.UserName] = true
		}
		if !answer.IsTruncated {
			break
		}
		list.Marker = answer.Marker
	}
	if len(seen) != created {
		t.Errorf("listed %d users, want %d", len(seen), created)
	}

	get := ram.CreateGetUserRequest()
	get.Domain, get.Scheme, get.UserName = s.Host, "http", "nobody"
	_, err = users.GetUser(get)
	var refused *sdkerrors.ServerError
	if !errors.As(err, &refused) || refused.ErrorCode() != "EntityNotExist.User" || refused.HttpStatus() != 404 {
		t.Errorf("error = %v, want 404 EntityNotExist.User", err)
	}
}
