package provider_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/ramprovider/terraform-provider-ram/internal/acctest"
)

// The example of the guide hands the secret of a fresh key to the write-only argument of
// another provider, in one run: it arrives, works, and is in no state, plan, log or
// output. The test stands in for that provider.
func TestAccHandOn_writeOnlyArgument(t *testing.T) {
	t.Parallel()
	s := newSecretRun(t, buildProvider(t))
	identity, err := age.GenerateX25519Identity()
	acctest.Must(t, err)
	vault := &vaultProvider{}
	s.config = strings.Replace(readFile(t, filepath.Join(examplesDir, "guides/keep-secrets-out-of-state/vault/main.tf")),
		"variable \"age_recipient\"", `provider "ram" {
  endpoints         = { ram = "%[1]s", ims = "%[1]s", sts = "%[1]s", resource_manager = "%[1]s" }
  plaintext_secrets = "error"
  %[2]s
}

variable "rotation" { default = "90d" }

variable "age_recipient"`, 1)
	s.config = strings.Replace(s.config, `rotation_period = "90d"`, "rotation_period = var.rotation", 1)
	s.variables = map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": s.env.Admin.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": s.env.Admin.Secret,
		"RAM_AGE_IDENTITY": identity.String(), "TF_VAR_age_recipient": identity.Recipient().String(),
		"TF_REATTACH_PROVIDERS": vault.serve(t),
	}
	s.plant(identity.String(), s.env.Admin.Secret)
	s.start()

	s.terraform(0, "plan", "-no-color", "-out=first.plan")
	s.terraform(0, "show", "-no-color", "-json", "first.plan")
	if got := vault.received(); len(got) != 0 {
		t.Fatalf("the plan wrote %d secrets", len(got))
	}
	s.terraform(0, "apply", "-no-color", "first.plan")
	vault.wantLatestWorks(t, s.env, 1)
	s.terraform(0, "plan", "-no-color", "-detailed-exitcode")
	s.env.Clock.Advance(time.Minute)
	s.terraform(0, "apply", "-no-color", "-auto-approve", "-var=rotation=1s")
	vault.wantLatestWorks(t, s.env, 2)
	s.terraform(0, "show", "-no-color", "-json")
	s.terraform(0, "destroy", "-no-color", "-auto-approve")
	for _, data := range vault.received() {
		s.plant(data.Secret)
	}
	s.search()
}

// handedOn is what the example writes.
type handedOn struct {
	ID     string `json:"access_key_id"`
	Secret string `json:"access_key_secret"`
}

// vaultProvider has the one resource of the example, with a write-only argument.
type vaultProvider struct {
	mu   sync.Mutex
	data []handedOn
}

// serve runs the provider in this process and returns the TF_REATTACH_PROVIDERS that
// makes Terraform use it.
func (v *vaultProvider) serve(t *testing.T) string {
	t.Helper()
	const address = "registry.terraform.io/hashicorp/vault"
	ctx, stop := context.WithCancel(context.Background())
	configs, closed := channelFor(tf6server.WithDebug), make(chan struct{})
	go func() {
		err := tf6server.Serve(address, providerserver.NewProtocol6(v), tf6server.WithDebug(ctx, configs, closed), tf6server.WithoutLogStderrOverride())
		if err != nil {
			t.Errorf("serve %s: %v", address, err)
		}
	}()
	t.Cleanup(func() { stop(); <-closed })
	config := <-configs
	text, err := json.Marshal(map[string]any{address: map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": 6, "Pid": config.Pid, "Test": true,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	acctest.Must(t, err)
	return string(text)
}

// channelFor makes the channel that an option of the server sends its address to. The
// type is that of a module which only the server itself needs.
func channelFor[T any](func(context.Context, chan T, chan struct{}) tf6server.ServeOpt) chan T {
	return make(chan T, 1)
}

func (v *vaultProvider) received() []handedOn {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]handedOn(nil), v.data...)
}

// wantLatestWorks fails unless so many secrets have come, and the last one signs.
func (v *vaultProvider) wantLatestWorks(t *testing.T, env *acctest.Env, count int) {
	t.Helper()
	got := v.received()
	if len(got) != count {
		t.Fatalf("%d secrets were handed on, want %d", len(got), count)
	}
	latest := got[count-1]
	if _, err := env.ClientFor(acctest.Key{ID: latest.ID, Secret: latest.Secret}).GetCallerIdentity(t.Context()); err != nil {
		t.Errorf("the secret that was handed on does not sign: %v", err)
	}
}

// Metadata implements provider.Provider.
func (v *vaultProvider) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = "vault"
}

// Schema implements provider.Provider.
func (v *vaultProvider) Schema(context.Context, frameworkprovider.SchemaRequest, *frameworkprovider.SchemaResponse) {
}

// Configure implements provider.Provider.
func (v *vaultProvider) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

// DataSources implements provider.Provider.
func (v *vaultProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources implements provider.Provider.
func (v *vaultProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return vaultSecret{v} }}
}

type vaultSecret struct{ *vaultProvider }

type vaultSecretModel struct {
	Mount   types.String `tfsdk:"mount"`
	Name    types.String `tfsdk:"name"`
	Data    types.String `tfsdk:"data_json_wo"`
	Version types.Int64  `tfsdk:"data_json_wo_version"`
}

// Metadata implements resource.Resource.
func (s vaultSecret) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "vault_kv_secret_v2"
}

// Schema implements resource.Resource.
func (s vaultSecret) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"mount":                schema.StringAttribute{Required: true},
		"name":                 schema.StringAttribute{Required: true},
		"data_json_wo":         schema.StringAttribute{Optional: true, WriteOnly: true},
		"data_json_wo_version": schema.Int64Attribute{Optional: true},
	}}
}

// Create implements resource.Resource.
func (s vaultSecret) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var written vaultSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &written)...)
	s.keep(written, resp.Diagnostics.AddError)
	resp.State.Raw = req.Plan.Raw
}

// Read implements resource.Resource.
func (s vaultSecret) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update implements resource.Resource.
func (s vaultSecret) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var written, before vaultSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &written)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &before)...)
	if !written.Version.Equal(before.Version) {
		s.keep(written, resp.Diagnostics.AddError)
	}
	resp.State.Raw = req.Plan.Raw
}

// Delete implements resource.Resource.
func (s vaultSecret) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func (s vaultSecret) keep(written vaultSecretModel, fail func(summary, detail string)) {
	var data handedOn
	if err := json.Unmarshal([]byte(written.Data.ValueString()), &data); err != nil {
		fail("No JSON", err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = append(s.data, data)
}
