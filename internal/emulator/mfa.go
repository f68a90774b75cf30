package emulator

// deviceOf is the MFA device bound to a user, or nil.
func (a *account) deviceOf(userID string) *mfaDevice {
	for _, device := range a.MFADevices {
		if device.UserID == userID {
			return device
		}
	}
	return nil
}
