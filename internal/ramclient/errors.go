package ramclient

import (
	"errors"
	"strings"

	"github.com/ramprovider/terraform-provider-ram/internal/ramclient/rpc"
)

// Code is the service's error code, such as "EntityNotExist.User", or empty if err
// is no answer of the service.
func Code(err error) string {
	var e *rpc.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// IsNotFound says that the service answered that a named thing does not exist. The
// code tells which one: EntityNotExist.User on a key means that the owner is gone, and
// its keys with it. Other 404s (an unknown signing key, an unknown operation, a proxy's
// page) do not count.
func IsNotFound(err error) bool {
	return isFamily(err, "EntityNotExist") || isFamily(err, "EntityNotExists") // ResourceManager's spelling
}

// IsAlreadyExists says that the name is taken, or the relation is there already. If
// IsAmbiguous as well, an earlier attempt of the same call may have made it.
func IsAlreadyExists(err error) bool { return isFamily(err, "EntityAlreadyExists") }

// IsDeleteConflict says that something still hangs on the object.
func IsDeleteConflict(err error) bool { return isFamily(err, "DeleteConflict") }

// IsLimitExceeded says that a quota is used up.
func IsLimitExceeded(err error) bool { return isFamily(err, "LimitExceeded") }

// IsNoPermission says that the caller lacks a permission.
func IsNoPermission(err error) bool {
	return isFamily(err, "NoPermission") || Code(err) == "Forbidden.RAM" || isFamily(err, "AuthenticationFail.NoPermission")
}

// IsRepeated says that the service has seen another copy of this request before, and did
// not act on this one (API gateway: SignatureNonceUsed).
func IsRepeated(err error) bool { return Code(err) == "SignatureNonceUsed" }

// IsAmbiguous says that a write may have taken effect although it failed.
func IsAmbiguous(err error) bool {
	var e *rpc.Error
	return errors.As(err, &e) && e.Ambiguous
}

// isFamily is true of the code itself and of those that refine it after a dot.
func isFamily(err error, family string) bool {
	code := Code(err)
	return code == family || strings.HasPrefix(code, family+".")
}
