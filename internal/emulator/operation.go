package emulator

import (
	"reflect"
	"time"
)

// operation is one entry of the service's table. It is found by product version and
// name, and run is a plain function over the state.
type operation struct {
	api     api
	name    string
	class   class
	secrets []string
	public  bool // any valid credential may call it
	open    bool // needs no credential at all
	keyPair bool // takes the signature of a key pair, and no other
	// prepare decodes the parameters, so that resource and run may follow.
	prepare func(*call, params) (prepared, *apiError)
}

// prepared is an operation whose parameters were understood.
type prepared struct {
	resources []string // ARNs that permission is asked for
	run       func() (answer, *apiError)
}

// api is one version of one product, the unit in which operation names are unique.
type api struct {
	product, version string
	prefix           string // of action names in policies
}

var (
	ram             = api{"RAM", "2015-05-01", "ram"}
	ims             = api{"IMS", "2019-08-15", "ram"} // IMS actions are ram: actions
	sts             = api{"STS", "2015-04-01", "sts"}
	resourceManager = api{"ResourceManager", "2020-03-31", "ram"}
)

// action is the operation's name in policies, such as ram:CreateUser.
func (o *operation) action() string { return o.api.prefix + ":" + o.name }

// class groups operations by documented rate; all but reads may change the state.
type class struct {
	perSecond int // per account and operation
	read      bool
}

// "RAM 2015-05-01 quota" page; IMS publishes none, so the same classes are assumed.
var (
	read     = class{perSecond: 100, read: true}
	write    = class{perSecond: 20}  // objects
	relate   = class{perSecond: 10}  // attachments, memberships, tags
	issueSTS = class{perSecond: 100} // 6,000 a minute
)

// answer is the body of a success, without RequestId.
type answer map[string]any

// call is one request on its way through an operation.
type call struct {
	op      *operation
	config  *Config
	ids     *ids
	now     time.Time
	caller  caller
	state   *state   // current; for reads, as of Config.Lag ago
	account *account // the caller's account within state; nil for nobody
	issuers *issuers // of OpenID Connect tokens
	// conditions are the values of the condition keys that policies ask for.
	conditions map[string][]string
}

// settled is false for an object so young that other operations may not know it yet.
func (c *call) settled(created time.Time) bool {
	return c.config.Lag == 0 || !created.After(c.now.Add(-c.config.Lag))
}

// define makes an operation from two functions over its typed input: the ARN that
// permission is asked for (nil: the whole account), and the operation itself.
func define[In any](
	of api, name string, class class,
	resource func(*call, In) string,
	run func(*call, In) (answer, *apiError),
) *operation {
	on := func(c *call, in In) []string { return []string{resource(c, in)} }
	if resource == nil {
		on = func(*call, In) []string { return []string{"*"} }
	}
	return defineBetween(of, name, class, on, run)
}

// defineBetween is define for an operation on several objects, each of which needs
// permission.
func defineBetween[In any](
	of api, name string, class class,
	resources func(*call, In) []string,
	run func(*call, In) (answer, *apiError),
) *operation {
	return &operation{
		api: of, name: name, class: class,
		secrets: secretNames(reflect.TypeFor[In]()),
		prepare: func(c *call, p params) (prepared, *apiError) {
			var in In
			if err := p.decode(name, &in); err != nil {
				return prepared{}, err
			}
			return prepared{resources: resources(c, in), run: func() (answer, *apiError) { return run(c, in) }}, nil
		},
	}
}

// withoutPermission opens an operation to any valid credential.
func withoutPermission(o *operation) *operation {
	o.public = true
	return o
}

// withoutSignature opens an operation to calls that nobody signed.
func withoutSignature(o *operation) *operation {
	o.open = true
	return withoutPermission(o)
}

// withKeyPair makes an operation one that only key pairs sign.
func withKeyPair(o *operation) *operation {
	o.keyPair = true
	return withoutPermission(o)
}

// none is the input of operations without parameters.
type none struct{}

// operations is the whole service. Each list stands beside its functions.
func operations() []*operation {
	var all []*operation
	for _, list := range [][]*operation{
		userOperations(),
		roleOperations(),
		policyOperations(),
		policyVersionOperations(),
		attachmentOperations(),
		rolePolicyTagOperations(),
		stsOperations(),
		keyPairOperations(),
		resourceManagerOperations(),
		resourceManagerPolicyOperations(),
		resourceManagerRoleOperations(),
		serviceLinkedRoleOperations(),
		userBinOperations(),
		accessKeyOperations(),
		accessKeyBinOperations(),
		networkPolicyOperations(),
		groupOperations(),
		loginProfileOperations(),
		changePasswordOperations(),
		passwordPolicyOperations(),
		securityPreferenceOperations(),
		mfaOperations(),
		userTagOperations(),
		accountOperations(),
		credentialReportOperations(),
		oidcProviderOperations(),
		externalApplicationOperations(),
		applicationAssignmentOperations(),
	} {
		all = append(all, list...)
	}
	return all
}

type operationKey struct{ version, name string }

func tableOf(all []*operation) map[operationKey]*operation {
	table := make(map[operationKey]*operation, len(all))
	for _, op := range all {
		key := operationKey{op.api.version, op.name}
		if table[key] != nil {
			panic("emulator: operation " + op.name + " is defined twice") // a mistake in the table
		}
		table[key] = op
	}
	return table
}
