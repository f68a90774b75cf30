package ramclient

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

func TestPredicates(t *testing.T) {
	t.Parallel()
	predicates := map[string]func(error) bool{
		"not found":       IsNotFound,
		"already exists":  IsAlreadyExists,
		"delete conflict": IsDeleteConflict,
		"limit exceeded":  IsLimitExceeded,
		"no permission":   IsNoPermission,
		"ambiguous":       IsAmbiguous,
	}
	tests := map[string]struct {
		err  error
		want []string
	}{
		"the user is gone":                   {&rpc.Error{Code: "EntityNotExist.User", HTTPStatus: 404}, []string{"not found"}},
		"the key is gone":                    {&rpc.Error{Code: "EntityNotExist.User.AccessKey", HTTPStatus: 404}, []string{"not found"}},
		"a bare code":                        {&rpc.Error{Code: "EntityNotExist", HTTPStatus: 404}, []string{"not found"}},
		"the resource group is gone":         {&rpc.Error{Code: "EntityNotExists.ResourceGroup", HTTPStatus: 404}, []string{"not found"}},
		"wrapped":                            {fmt.Errorf("read: %w", &rpc.Error{Code: "EntityNotExist.Role"}), []string{"not found"}},
		"the signing key is unknown":         {&rpc.Error{Code: "InvalidAccessKeyId.NotFound", HTTPStatus: 404}, nil},
		"the operation is unknown":           {&rpc.Error{Code: "InvalidAction.NotFound", HTTPStatus: 404}, nil},
		"a proxy's 404":                      {&rpc.Error{HTTPStatus: 404}, nil},
		"a longer word":                      {&rpc.Error{Code: "EntityNotExistence"}, nil},
		"the name is taken":                  {&rpc.Error{Code: "EntityAlreadyExists.User", HTTPStatus: 409}, []string{"already exists"}},
		"attached, perhaps by us":            {&rpc.Error{Code: "EntityAlreadyExists.User.Policy", Ambiguous: true}, []string{"already exists", "ambiguous"}},
		"something hangs on it":              {&rpc.Error{Code: "DeleteConflict.User.AccessKey", HTTPStatus: 409}, []string{"delete conflict"}},
		"too many keys":                      {&rpc.Error{Code: "LimitExceeded.User.AccessKey", HTTPStatus: 409}, []string{"limit exceeded"}},
		"no permission":                      {&rpc.Error{Code: "NoPermission", HTTPStatus: 403}, []string{"no permission"}},
		"the gateway's no permission":        {&rpc.Error{Code: "Forbidden.RAM", HTTPStatus: 403}, []string{"no permission"}},
		"no permission by token":             {&rpc.Error{Code: "AuthenticationFail.NoPermission", HTTPStatus: 403}, []string{"no permission"}},
		"another 403":                        {&rpc.Error{Code: "Inactive", HTTPStatus: 403}, nil},
		"connection lost":                    {&rpc.Error{Ambiguous: true}, []string{"ambiguous"}},
		"an error of another kind":           {errors.New("EntityNotExist"), nil},
		"no error":                           {nil, nil},
		"several errors, one of the service": {errors.Join(errors.New("x"), &rpc.Error{Code: "NoPermission"}), []string{"no permission"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := map[string]bool{}
			for _, predicate := range test.want {
				want[predicate] = true
			}
			got := map[string]bool{}
			for predicate, is := range predicates {
				if is(test.err) {
					got[predicate] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	if got := Code(fmt.Errorf("x: %w", &rpc.Error{Code: "C"})); got != "C" {
		t.Errorf("got %q, want C", got)
	}
	if got := Code(errors.New("x")); got != "" {
		t.Errorf("got %q, want none", got)
	}
}
