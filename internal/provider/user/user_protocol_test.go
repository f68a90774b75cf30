package user_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
	"github.com/ramprovider/terraform-provider-ram/internal/provider/permission"
	userresource "github.com/ramprovider/terraform-provider-ram/internal/provider/user"
	"github.com/ramprovider/terraform-provider-ram/internal/ramclient"
)

type attributes = map[string]any

// user is the configuration of a user called ci, with more attributes or others.
func user(more attributes) attributes {
	all := attributes{"name": "ci"}
	maps.Copy(all, more)
	return all
}

func TestUser_renameKeepsTheIdentity(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(nil))
	identity := p.IdentityAttributes(made)
	if diff := cmp.Diff(attributes{"user_id": userNamed(t, env, "ci").UserID, "account_id": env.AccountID}, identity); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}

	config := user(attributes{"name": "deploy"})
	planned := p.Plan("ram_user", made, config)
	if len(planned.Replace) > 0 {
		t.Fatalf("a rename plans a replacement for %v", planned.Replace)
	}
	renamed, diags := p.Apply(planned)
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}
	read := env.Protocol(t, nil).MustRead(renamed)
	for when, object := range map[string]acctest.Object{"after the rename": renamed, "after the refresh": read} {
		if diff := cmp.Diff(identity, p.IdentityAttributes(object)); diff != "" {
			t.Errorf("identity %s (-want +got):\n%s", when, diff)
		}
	}
	env.RequireSettled(t, renamed, config)
}

func TestUser_outsideRenameIsFollowed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(nil))
	renameOutside(t, env, "ci", "elsewhere")
	namesake := env.MakeUser(t, "ci")

	read := env.Protocol(t, nil).MustRead(made)
	if got := p.Attributes(read.Value); got["name"] != "elsewhere" || got["user_id"] == namesake.UserID {
		t.Errorf("got %v, want the same user under its new name", got)
	}
	if diff := cmp.Diff(p.IdentityAttributes(made), p.IdentityAttributes(read)); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	planned := p.Plan("ram_user", read, user(nil))
	if planned.IsEmpty() || len(planned.Replace) > 0 {
		t.Errorf("the rename back is not planned in place: empty %t, replace %v", planned.IsEmpty(), planned.Replace)
	}
	_, diags := p.Apply(planned)
	acctest.RequireOne(t, diags.Errors(), "EntityAlreadyExists.User", `Cannot update RAM user "elsewhere"`)
}

func TestUser_nameKnownAfterApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	planned := p.Plan("ram_user", acctest.Object{}, attributes{"name": acctest.Unknown})
	if got := p.Attributes(planned.Value); got["display_name"] != any(acctest.Unknown) {
		t.Errorf("display_name is planned as %v before the name is known", got["display_name"])
	}
	made, diags := p.Apply(p.Resolve(planned, user(nil)))
	if diags.HasError() {
		t.Fatal(diags.Errors())
	}

	planned = p.Plan("ram_user", made, attributes{"name": acctest.Unknown})
	got := p.Attributes(planned.Value)
	if got["arn"] != any(acctest.Unknown) || got["principal_name"] != any(acctest.Unknown) || got["user_id"] == any(acctest.Unknown) {
		t.Errorf("a name known after apply plans %v", got)
	}
	renamed, diags := p.Apply(p.Resolve(planned, user(attributes{"name": "deploy"})))
	if diags.HasError() || p.Attributes(renamed.Value)["arn"] != "acs:ram::"+env.AccountID+":user/deploy" {
		t.Errorf("got %v, errors %q", p.Attributes(renamed.Value), diags.Errors())
	}
}

func TestUser_displayName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	long := "a-name-of-more-than-24-characters"
	made := p.MustCreate("ram_user", attributes{"name": long})
	if got := p.Attributes(made.Value)["display_name"]; got != long[:24] {
		t.Errorf("the default for %q is %v", long, got)
	}
	// Left out, it is neither reset by a rename nor held against a change in the console.
	renamed := p.MustApply("ram_user", made, user(nil))
	if got := p.Attributes(renamed.Value)["display_name"]; got != long[:24] {
		t.Errorf("after a rename it is %v", got)
	}
	env.Clock.Advance(settled)
	theirs := "Theirs"
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{UserID: userNamed(t, env, "ci").UserID, NewDisplayName: &theirs})
	acctest.Must(t, err)
	env.RequireSettled(t, renamed, user(nil))

	written := p.MustApply("ram_user", env.Protocol(t, nil).MustRead(renamed), user(attributes{"display_name": "Ours"}))
	env.RequireSettled(t, written, user(attributes{"display_name": "Ours"}))
	tooLong := p.Plan("ram_user", written, user(attributes{"display_name": "Twenty-five characters !!"}))
	acctest.RequireOne(t, tooLong.Diagnostics.Errors(), "at most 24 characters", "has 25")
}

// The console takes longer display names than the API that the provider uses.
func TestUser_longDisplayNameFromTheConsole(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeUser(t, "ci")
	const long = "A display name of more than 24 characters"
	env.Call(t, ram("UpdateUser"), struct {
		UserName       string `param:"UserName"`
		NewDisplayName string `param:"NewDisplayName"`
	}{"ci", long}, nil)
	p := env.Protocol(t, nil)
	imported, _ := p.Import("ram_user", "ci")
	written := user(attributes{"display_name": long})
	env.RequireSettled(t, imported, written)
	env.RequireSettled(t, p.MustApply("ram_user", imported, user(attributes{"display_name": long, "comments": "c"})), user(attributes{"comments": "c"}))
}

func TestUser_tagsKnownAfterApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, attributes{"default_tags": attributes{"tags": map[string]string{"owner": "b"}}})
	planned := p.Plan("ram_user", acctest.Object{}, user(attributes{"tags": attributes{"team": acctest.Unknown}}))
	if got := p.Attributes(planned.Value)["tags_all"]; got != any(acctest.Unknown) {
		t.Errorf("tags_all is planned as %v before the tags are known", got)
	}
	made, diags := p.Apply(p.Resolve(planned, user(attributes{"tags": attributes{"team": "a"}})))
	if diff := cmp.Diff(any(attributes{"team": "a", "owner": "b"}), p.Attributes(made.Value)["tags_all"]); diff != "" || diags.HasError() {
		t.Errorf("errors %q, tags_all (-want +got):\n%s", diags.Errors(), diff)
	}
}

func TestUser_imports(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := user(attributes{"comments": "c", "tags": map[string]string{"team": "a"}, "force_destroy": nil})
	made := p.MustCreate("ram_user", config)
	want := p.IdentityAttributes(made)
	id := userNamed(t, env, "ci").UserID

	for how, run := range map[string]func() (acctest.Object, acctest.Diagnostics){
		"by id":       func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_user", id) },
		"by name":     func() (acctest.Object, acctest.Diagnostics) { return p.Import("ram_user", "ci") },
		"by identity": func() (acctest.Object, acctest.Diagnostics) { return p.ImportByIdentity("ram_user", want) },
		"by identity, id only": func() (acctest.Object, acctest.Diagnostics) {
			return p.ImportByIdentity("ram_user", attributes{"user_id": id})
		},
	} {
		imported, diags := run()
		if diags.HasError() {
			t.Errorf("%s: %q", how, diags.Errors())
			continue
		}
		if !p.Plan("ram_user", imported, config).IsEmpty() {
			t.Errorf("%s: the plan after the import is not empty", how)
		}
		if diff := cmp.Diff(want, p.IdentityAttributes(imported)); diff != "" {
			t.Errorf("%s: identity (-want +got):\n%s", how, diff)
		}
	}

	_, diags := p.ImportByIdentity("ram_user", attributes{"user_id": id, "account_id": "1000000000000009"})
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account", "1000000000000009")
	_, diags = p.Import("ram_user", "users/ci")
	acctest.RequireOne(t, diags.Errors(), "<user_id> or <user_name>", `"users/ci"`)
	_, diags = p.Import("ram_user", "nobody")
	acctest.RequireOne(t, diags.Errors(), `Cannot import RAM user "nobody"`, "EntityNotExist.User", "RequestId: ")
	if gone, diags := p.Import("ram_user", "299999999999999999"); gone.Exists() || diags.HasError() {
		t.Errorf("importing an unknown id: exists %t, %q; core says that it does not exist", gone.Exists(), diags.Errors())
	}
}

func TestUser_drift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	config := user(attributes{"comments": "ours", "tags": map[string]string{"team": "a"}})
	made := p.MustCreate("ram_user", config)
	env.Clock.Advance(settled)
	theirs, email := "theirs", "ci@example.com"
	_, err := env.Client.UpdateUser(t.Context(), ramclient.UpdateUserInput{
		UserID: userNamed(t, env, "ci").UserID, NewComments: &theirs, NewEmail: &email,
	})
	acctest.Must(t, err)
	tagOutside(t, env, "ci", ramclient.Tags{"team": "b", "extra": "1"})

	p.MustApply("ram_user", env.Protocol(t, nil).MustRead(made), config)
	got := userNamed(t, env, "ci")
	if got.Comments != "ours" || got.Email != "" || !maps.Equal(got.Tags, ramclient.Tags{"team": "a"}) {
		t.Errorf("the drift is not undone: %+v", got)
	}
}

func TestUser_disappears(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(nil))
	env.Clock.Advance(settled)
	deleteOutside(t, env, "ci")
	if _, diags := p.Apply(p.Plan("ram_user", made, nil)); diags.HasError() {
		t.Errorf("destroying what is gone: %q", diags.Errors())
	}
	requireRecycled(t, env.Protocol(t, nil).MustRead(made))
	purgeOutside(t, env, made)
	if read := env.Protocol(t, nil).MustRead(made); read.Exists() {
		t.Errorf("still in state: %s", read.Value)
	}
}

// A user of the same name that is not the same user is none of the resource's business.
func TestUser_namesakeIsNotTakenForTheUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	made := p.MustCreate("ram_user", user(attributes{"force_destroy": true}))
	env.Clock.Advance(settled)
	deleteOutside(t, env, "ci")
	namesake := env.MakeUser(t, "ci")
	read := env.Protocol(t, nil).MustRead(made)
	requireRecycled(t, read)
	p.MustDestroy(read)
	if got := userNamed(t, env, "ci"); got.UserID != namesake.UserID {
		t.Errorf("got user %s, want the namesake %s untouched", got.UserID, namesake.UserID)
	}
}

func TestUser_wrongAccountKeepsState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	made := env.Protocol(t, nil).MustCreate("ram_user", user(nil))
	other := env.Emulator.Accounts()[1].RootKey
	elsewhere := env.Protocol(t, attributes{"access_key_id": other.ID, "access_key_secret": other.Secret})

	read, diags := elsewhere.Read(made)
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account", env.AccountID)
	if !read.Exists() {
		t.Error("the user has left the state")
	}
	_, diags = elsewhere.Apply(elsewhere.Plan("ram_user", made, user(attributes{"name": "deploy"})))
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	_, diags = elsewhere.Apply(elsewhere.Plan("ram_user", made, nil))
	acctest.RequireOne(t, diags.Errors(), "Wrong Alibaba Cloud account")
	if userNamed(t, env, "ci").UserID == "" {
		t.Error("the user is gone")
	}
}

func TestUser_lagOfASecond(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, func(c *emulator.Config) { c.Lag = time.Second })
	tagged := user(attributes{"comments": "c", "tags": map[string]string{"team": "a", "old": "1"}})
	made := env.Protocol(t, nil).MustCreate("ram_user", tagged)
	env.RequireSettled(t, made, tagged)

	changed := user(attributes{"name": "deploy", "tags": map[string]string{"team": "b"}})
	updated := env.Protocol(t, nil).MustApply("ram_user", env.Protocol(t, nil).MustRead(made), changed)
	env.RequireSettled(t, updated, changed)
}

func TestUser_takenName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.MakeUser(t, "ci")
	p := env.Protocol(t, nil)
	made, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, user(nil)))
	acctest.RequireOne(t, diags.Errors(), `Cannot create RAM user "ci"`, "import {", `id = "ci"`)
	if made.Exists() {
		t.Error("the other user is in state")
	}
}

// It is not documented whether a name is free while its last bearer is in the bin.
func TestUser_nameTakenByADeletedUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	binned := env.MakeUser(t, "ci")
	deleteOutside(t, env, "ci")
	env.Emulator.Fail("CreateUser", emulator.Refuse(409, "EntityAlreadyExists.User", "The user already exists: ci."))
	p := env.Protocol(t, nil)
	_, diags := p.Apply(p.Plan("ram_user", acctest.Object{}, user(nil)))
	acctest.RequireOne(t, diags.Errors(), "recycle bin until 2026-02-01", "(ID "+binned.UserID+")", "restore_if_recycled = true", "DeleteUserInRecycleBin --UserId "+binned.UserID)
}

func TestUser_needsExactlyItsPermissions(t *testing.T) {
	t.Parallel()
	acctest.RequireExactPermissions(t, acctest.Life{
		Type:        "ram_user",
		Permissions: userresource.NewResource().(permission.Declarer).Permissions(),
		Create:      user(attributes{"tags": map[string]string{"team": "a", "old": "1"}}),
		Update:      user(attributes{"name": "deploy", "comments": "new", "tags": map[string]string{"team": "b"}}),
	})
}

func TestUser_invalidConfig(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol(t, nil)
	for name, test := range map[string]struct {
		config attributes
		want   string
	}{
		"a space in the name":                   {user(attributes{"name": "c i"}), "1 to 64 letters"},
		"a name that is too long":               {user(attributes{"name": strings.Repeat("a", 65)}), "1 to 64 letters"},
		"an empty display name":                 {user(attributes{"display_name": ""}), "leave the argument out"},
		"empty comments":                        {user(attributes{"comments": ""}), "leave the argument out"},
		"comments that are too long":            {user(attributes{"comments": strings.Repeat("x", 129)}), "it has 129"},
		"no e-mail address":                     {user(attributes{"email": "example.com"}), "looks like ci@example.com"},
		"a phone number without its country":    {user(attributes{"mobile_phone": "18600000000"}), "looks like 86-18600000000"},
		"a reserved tag":                        {user(attributes{"tags": map[string]string{"acs:x": "1"}}), "reserved"},
		"an idle time that shows nothing":       {user(attributes{"require_idle": "119m"}), "up to two hours late"},
		"an idle time that is none":             {user(attributes{"require_idle": "a day"}), "no span of time"},
		"another way to destroy than there are": {user(attributes{"on_destroy": "shred"}), `"recycle" "purge"`},
	} {
		errs := p.Validate("ram_user", test.config).Errors()
		if len(errs) != 1 || !strings.Contains(errs[0], test.want) {
			t.Errorf("%s: got %q, want one error with %q", name, errs, test.want)
		}
	}
}

func TestUser_allTagsReplaced(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol(t, nil)
	twenty := func(prefix string) attributes {
		tags := map[string]string{}
		for i := range 20 {
			tags[fmt.Sprint(prefix, i)] = "x"
		}
		return user(attributes{"tags": tags})
	}
	changed := p.MustApply("ram_user", p.MustCreate("ram_user", twenty("old")), twenty("new"))
	env.RequireSettled(t, changed, twenty("new"))
}
