package emulator

// authorize asks whether the caller may do an action on a resource. It runs with the
// state locked and looks at the current state, not at a lagging one.
// The root of an account may do anything in it.
func (e *Emulator) authorize(who caller, action string, _ []string) *apiError {
	if who.Kind == callerRoot {
		return nil
	}
	return errNoPermission("You are not authorized to do this action. You should be authorized by RAM.", &accessDeniedDetail{
		PolicyType:           "AccountLevelIdentityBasedPolicy",
		AuthPrincipalOwnerID: who.AccountID,
		NoPermissionType:     "ImplicitDeny",
		AuthAction:           action,
	})
}
