package emulator

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // virtual MFA devices are TOTP over SHA-1 (RFC 6238)
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"regexp"
	"time"
)

func mfaOperations() []*operation {
	return []*operation{
		define(ims, "CreateVirtualMFADevice", write, func(c *call, in createDevice) string { return in.arn(c) }, createVirtualMFADevice),
		define(ims, "ListVirtualMFADevices", read, func(c *call, _ pageParams) string { return mfaARN(c.account.ID, "*") }, listVirtualMFADevices),
		define(ims, "DeleteVirtualMFADevice", write, func(_ *call, in deviceRef) string { return in.SerialNumber }, deleteVirtualMFADevice),
		define(ims, "BindMFADevice", write, func(c *call, in bindDevice) string { return in.arn(c) }, bindMFADevice),
		define(ims, "UnbindMFADevice", write, func(c *call, in userPrincipal) string { return in.arn(c) }, unbindMFADevice),
		define(ims, "GetUserMFAInfo", read, keyOwnerARN[imsKeyOwner], getUserMFAInfo),
	}
}

func mfaARN(account, name string) string { return "acs:ram::" + account + ":mfa/" + name }

// deviceOf is the MFA device bound to a user, or nil.
func (a *account) deviceOf(userID string) *mfaDevice {
	for _, device := range a.MFADevices {
		if device.UserID == userID {
			return device
		}
	}
	return nil
}

type createDevice struct {
	VirtualMFADeviceName string `param:",required"`
}

func (in createDevice) arn(c *call) string { return mfaARN(c.account.ID, in.VirtualMFADeviceName) }

// createVirtualMFADevice gives the seed but no QRCodePNG: the picture says nothing
// that the seed does not.
func createVirtualMFADevice(c *call, in createDevice) (answer, *apiError) {
	if refused := mfaNameRule.check("VirtualMFADeviceName", in.VirtualMFADeviceName); refused != nil {
		return nil, refused
	}
	serial := in.arn(c)
	if c.account.MFADevices[serial] != nil {
		return nil, alreadyExists("VirtualMFADevice", "The virtual MFA device already exists: %s.", serial)
	}
	if len(c.account.MFADevices) >= maxVirtualMFADevices {
		return nil, limitExceeded("VirtualMFADevice", maxVirtualMFADevices)
	}
	device := &mfaDevice{SerialNumber: serial, Seed: base32.StdEncoding.EncodeToString(c.ids.bytes(20))}
	c.account.MFADevices[serial] = device
	return answer{"VirtualMFADevice": map[string]string{"SerialNumber": serial, "Base32StringSeed": device.Seed}}, nil
}

func listVirtualMFADevices(c *call, in pageParams) (answer, *apiError) {
	return page(c, in, pageSize{100, 100}, c.account.MFADevices, "VirtualMFADevices", "VirtualMFADevice", func(d *mfaDevice) any {
		view := map[string]any{"SerialNumber": d.SerialNumber, "ActivateDate": stamp(d.Activated)}
		if u := c.account.userByID(d.UserID); u != nil {
			view["User"] = userView{"UserId": u.ID, "UserPrincipalName": c.account.upn(u.Name), "DisplayName": u.DisplayName}
		}
		return view
	})
}

type deviceRef struct {
	SerialNumber string `param:",required"`
}

func (in deviceRef) find(c *call) (*mfaDevice, *apiError) {
	if device := c.account.MFADevices[in.SerialNumber]; device != nil {
		return device, nil
	}
	return nil, notExist("VirtualMFADevice", "The virtual MFA device does not exist: %s.", in.SerialNumber)
}

func deleteVirtualMFADevice(c *call, in deviceRef) (answer, *apiError) {
	device, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	if device.UserID != "" {
		return nil, deleteConflict("VirtualMFADevice.User", "The virtual MFA device is bound to a user.")
	}
	delete(c.account.MFADevices, in.SerialNumber)
	return answer{}, nil
}

type bindDevice struct {
	userPrincipal
	deviceRef
	AuthenticationCode1 string `param:",required,secret"`
	AuthenticationCode2 string `param:",required,secret"`
}

func (in bindDevice) arn(c *call) string { return in.userPrincipal.arn(c) }

var authenticationCode = regexp.MustCompile(`^[0-9]{6}$`)

func bindMFADevice(c *call, in bindDevice) (answer, *apiError) {
	u, noUser := in.userPrincipal.find(c)
	device, noDevice := in.deviceRef.find(c)
	switch {
	case noUser != nil || noDevice != nil:
		return nil, first(noUser, noDevice)
	case c.account.deviceOf(u.ID) != nil:
		return nil, alreadyExists("User.MFADevice", "The user %s already has an MFA device.", u.Name)
	case device.UserID != "":
		return nil, alreadyExists("VirtualMFADevice.User", "The virtual MFA device is bound to another user.")
	case !authenticationCode.MatchString(in.AuthenticationCode1), !authenticationCode.MatchString(in.AuthenticationCode2):
		return nil, invalidParameter("AuthenticationCode.Format", "An authentication code is 6 digits.")
	case !device.shows(c.now, in.AuthenticationCode1, in.AuthenticationCode2):
		return nil, errAuthenticationCode()
	}
	device.UserID, device.Activated = u.ID, c.now
	return answer{}, nil
}

const (
	codePeriod = 30 * time.Second
	codeWindow = 2 // periods before and after now
)

// shows tells whether the device shows these codes one after the other around now.
func (d *mfaDevice) shows(now time.Time, code1, code2 string) bool {
	for shift := -codeWindow; shift <= codeWindow; shift++ {
		at := now.Add(time.Duration(shift) * codePeriod)
		if d.code(at) == code1 && d.code(at.Add(codePeriod)) == code2 {
			return true
		}
	}
	return false
}

// code is the one-time password of RFC 6238 at a time.
func (d *mfaDevice) code(at time.Time) string {
	seed, err := base32.StdEncoding.DecodeString(d.Seed)
	if err != nil {
		return "" // a damaged state file; no code matches
	}
	mac := hmac.New(sha1.New, seed)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())/uint64(codePeriod/time.Second))) //nolint:gosec // after 1970
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

func unbindMFADevice(c *call, in userPrincipal) (answer, *apiError) {
	u, refused := in.find(c)
	if refused != nil {
		return nil, refused
	}
	device := c.account.deviceOf(u.ID)
	if device == nil {
		return nil, errNoMFADevice(u)
	}
	device.UserID, device.Activated = "", time.Time{}
	return answer{"MFADevice": map[string]string{"SerialNumber": device.SerialNumber}}, nil
}

func errNoMFADevice(u *user) *apiError {
	return notExist("User.MFADevice", "The user %s has no MFA device.", u.Name)
}

func getUserMFAInfo(c *call, in imsKeyOwner) (answer, *apiError) {
	owner, refused := in.owner(c)
	switch {
	case refused != nil:
		return nil, refused
	case owner.user == nil:
		return nil, errMissing("UserPrincipalName")
	}
	device := c.account.deviceOf(owner.user.ID)
	if device == nil {
		return nil, errNoMFADevice(owner.user)
	}
	return answer{
		"IsMFAEnable": true,
		"MFADevice":   map[string]string{"SerialNumber": device.SerialNumber, "Type": "VMFA"},
	}, nil
}
