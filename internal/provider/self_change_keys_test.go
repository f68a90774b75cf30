package provider_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

// imported is the object under the id, applied with the configuration.
func (o own) imported(t *testing.T, typ, id string, config attributes) acctest.Object {
	t.Helper()
	object, diags := o.Protocol(t, nil).Import(typ, id)
	if diags.HasError() {
		t.Fatalf("import: %q", diags.Errors())
	}
	return o.Protocol(t, nil).MustApply(typ, object, config)
}

// colleague is a provider that runs as another administrator.
func (o own) colleague(t *testing.T) *acctest.Protocol {
	t.Helper()
	key := o.UserKey(t, "colleague", "AdministratorAccess")
	return o.Protocol(t, attributes{"access_key_id": key.ID, "access_key_secret": key.Secret})
}

// ownKey is the key that Terraform signs with.
func (o own) ownKey() ramclient.AccessKeyRef {
	return ramclient.AccessKeyRef{UserPrincipalName: o.PrincipalName("terraform"), AccessKeyID: o.Admin.ID}
}

// binned refreshes the object while the own key is in the recycle bin, and brings the
// key back: the state is older than that.
func (o own) binned(t *testing.T, object acctest.Object) acctest.Object {
	t.Helper()
	key := o.ownKey()
	acctest.Must(t, o.Client.UpdateAccessKey(t.Context(), key, ramclient.AccessKeyInactive))
	acctest.Must(t, o.Client.DeleteAccessKey(t.Context(), key))
	object = o.colleague(t).MustRead(object)
	owner, err := o.Client.GetUser(t.Context(), ramclient.GetUserInput{UserPrincipalName: key.UserPrincipalName})
	acctest.Must(t, err)
	acctest.Must(t, o.Client.RestoreAccessKeyFromRecycleBin(t.Context(), ramclient.RecycledAccessKeyRef{UserID: owner.UserID, AccessKeyID: key.AccessKeyID}))
	acctest.Must(t, o.Client.UpdateAccessKey(t.Context(), key, ramclient.AccessKeyActive))
	return object
}

// requireRefused plans the change directly and in a role, and applies what was planned
// with leave to do so without it: neither goes through, and the key still works.
func (o own) requireRefused(t *testing.T, typ string, prior acctest.Object, config attributes, refusal string) {
	t.Helper()
	for why, arguments := range map[string]attributes{"signs with this key": o.direct, "this key (provider argument access_key_id": o.operator} {
		acctest.RequireOne(t, o.Protocol(t, arguments).Plan(typ, prior, config).Diagnostics.Errors(), refusal+" AccessKey "+o.Admin.ID, why, "allow_self_change = true")
		allowed := maps.Clone(arguments)
		allowed["allow_self_change"] = true
		planned := o.Protocol(t, allowed).Plan(typ, prior, config)
		if planned.Diagnostics.HasError() {
			t.Errorf("with allow_self_change: %q", planned.Diagnostics.Errors())
			continue
		}
		if config != nil {
			continue // Terraform plans a change again when it applies it
		}
		left, diags := o.Protocol(t, arguments).Apply(planned)
		acctest.RequireOne(t, diags.Errors(), refusal+" AccessKey "+o.Admin.ID, why)
		if !left.Exists() {
			t.Error("the object has left the state")
		}
	}
	if _, err := o.ClientFor(o.Admin).GetCallerIdentity(t.Context()); err != nil {
		t.Errorf("the own key after the apply: %v", err)
	}
}

func TestSelfChange_accessKey(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	const typ = "ram_access_key"
	spare, err := o.Client.CreateAccessKey(t.Context(), o.PrincipalName("terraform"))
	acctest.Must(t, err)
	o.Clock.Advance(time.Minute)
	config := func(pairs attributes) attributes {
		all := attributes{"user_name": "terraform"}
		maps.Copy(all, pairs)
		return all
	}
	mine, another := o.imported(t, typ, o.Admin.ID, config(nil)), o.imported(t, typ, spare.AccessKeyID, config(nil))
	retained := o.imported(t, typ, o.Admin.ID, config(attributes{"on_destroy": "retain"}))
	inactive := config(attributes{"status": "Inactive"})
	acctest.Must(t, o.Client.DeleteAccessKey(t.Context(), ramclient.AccessKeyRef{UserPrincipalName: o.PrincipalName("terraform"), AccessKeyID: spare.AccessKeyID}))
	binned := o.binned(t, mine)
	tests := map[string]struct {
		prior   acctest.Object
		config  attributes
		refusal string // empty if it goes through
	}{
		"destroyed":          {mine, nil, "Refusing to destroy"},
		"disabled":           {mine, inactive, "Refusing to disable"},
		"of another user":    {mine, attributes{"user_name": "other"}, "Refusing to replace"},
		"binned, destroyed":  {binned, nil, "Refusing to destroy"},
		"binned, recreated":  {binned, config(nil), "Refusing to replace"},
		"binned, restored":   {binned, config(attributes{"on_recycled": "restore"}), ""},
		"retained":           {retained, nil, ""},
		"retained, replaced": {retained, attributes{"user_name": "other", "on_destroy": "retain"}, ""},
		"kept":               {mine, config(nil), ""},
		"another destroyed":  {another, nil, ""},
		"another disabled":   {another, inactive, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.refusal != "" {
				o.requireRefused(t, typ, test.prior, test.config, test.refusal)
				return
			}
			for _, arguments := range []attributes{o.direct, o.operator} {
				if errs := o.Protocol(t, arguments).Plan(typ, test.prior, test.config).Diagnostics.Errors(); len(errs) > 0 {
					t.Errorf("%v: %q", arguments, errs)
				}
			}
		})
	}
}

func TestSelfChange_rotatingAccessKey(t *testing.T) {
	t.Parallel()
	const typ, day = "ram_rotating_access_key", 24 * time.Hour
	quarterly := attributes{"user_name": "terraform", "rotation_period": "90d", "overlap": "7d", "quarantine": "2d"}
	moved, forced := maps.Clone(quarterly), maps.Clone(quarterly)
	moved["user_name"] = "next"
	forced["rotate_when_changed"] = attributes{"on": "demand"}
	asItIs := func(_ *testing.T, _ own, object acctest.Object) acctest.Object { return object }
	overlapping := func(t *testing.T, o own, object acctest.Object) acctest.Object {
		t.Helper()
		o.Clock.Advance(90 * day)
		p := o.Protocol(t, nil)
		return p.MustApply(typ, p.MustRead(object), quarterly)
	}
	tests := map[string]struct {
		reach   func(t *testing.T, o own, object acctest.Object) acctest.Object // from the own key as the current one
		config  attributes
		refusal string
	}{
		"current destroyed": {asItIs, nil, "Refusing to destroy"},
		"current replaced": {func(t *testing.T, o own, object acctest.Object) acctest.Object {
			t.Helper()
			_, err := o.Client.CreateUser(t.Context(), ramclient.CreateUserInput{UserPrincipalName: o.PrincipalName("next"), DisplayName: "next"})
			acctest.Must(t, err)
			return object
		}, moved, "Refusing to replace"},
		"previous destroyed":  {overlapping, nil, "Refusing to destroy"},
		"previous forced out": {overlapping, forced, "Refusing to retire"},
		"previous disabled": {func(t *testing.T, o own, object acctest.Object) acctest.Object {
			t.Helper()
			object = overlapping(t, o, object)
			o.Clock.Advance(7 * day)
			return o.Protocol(t, nil).MustRead(object)
		}, quarterly, "Refusing to retire"},
		// The colleague's refresh saw the key disabled, and somebody has enabled it since.
		"previous recycled": {func(t *testing.T, o own, object acctest.Object) acctest.Object {
			t.Helper()
			object = overlapping(t, o, object)
			colleague := o.colleague(t)
			o.Clock.Advance(7 * day)
			object = colleague.MustApply(typ, colleague.MustRead(object), quarterly)
			o.Clock.Advance(2 * day)
			object = colleague.MustRead(object)
			acctest.Must(t, o.Client.UpdateAccessKey(t.Context(), o.ownKey(), ramclient.AccessKeyActive))
			return object
		}, quarterly, "Refusing to retire"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOwn(t)
			object := test.reach(t, o, o.imported(t, typ, "terraform", quarterly))
			o.requireRefused(t, typ, object, test.config, test.refusal)
		})
	}
}

// A plan that leaves the keys alone makes the calls that it made before anybody asked
// whether they are Terraform's own.
func TestSelfChange_keysCostNoCall(t *testing.T) {
	t.Parallel()
	o := newOwn(t)
	config := attributes{"user_name": "terraform"}
	object := o.imported(t, "ram_access_key", o.Admin.ID, config)
	for _, planned := range []attributes{config, {"user_name": "terraform", "status": "Inactive"}} {
		o.Emulator.ResetRequests()
		o.Protocol(t, o.operator).Plan("ram_access_key", object, planned)
		if diff := cmp.Diff(map[string]int{}, o.calls()); diff != "" {
			t.Errorf("%v: calls (-want +got):\n%s", planned, diff)
		}
	}
}
