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
		define(ims, "BindMFADevice", write, func(c *call, in imsBindDevice) string { return in.userPrincipal.arn(c) }, bindDeviceIMS),
		define(ims, "UnbindMFADevice", write, func(c *call, in userPrincipal) string { return in.arn(c) }, unbindDeviceIMS),
		define(ims, "DisableVirtualMFA", write, func(c *call, in userPrincipal) string { return in.arn(c) }, disableVirtualMFA),
		define(ims, "GetUserMFAInfo", read, keyOwnerARN[imsKeyOwner], getUserMFAInfo[imsKeyOwner]),
		define(ims, "GetAccountMFAInfo", read, wholeAccount[none], getAccountMFAInfo),

		define(ram, "CreateVirtualMFADevice", write, func(c *call, in createDevice) string { return in.arn(c) }, createVirtualMFADevice),
		define(ram, "ListVirtualMFADevices", read, func(c *call, _ none) string { return mfaARN(c.account.ID, "*") }, listAllMFADevices),
		define(ram, "DeleteVirtualMFADevice", write, func(_ *call, in deviceRef) string { return in.SerialNumber }, deleteVirtualMFADevice),
		define(ram, "BindMFADevice", write, func(c *call, in ramBindDevice) string { return in.userNamed.arn(c) }, bindDeviceRAM),
		define(ram, "UnbindMFADevice", write, func(c *call, in userNamed) string { return in.arn(c) }, unbindDeviceRAM),
		define(ram, "GetUserMFAInfo", read, func(c *call, in ramMFAOwner) string { return in.arn(c) }, getUserMFAInfo[ramMFAOwner]),
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
	rule := mfaNameRule
	if c.op.api == ram {
		rule = mfaNameRuleRAM
	}
	if refused := rule.check("VirtualMFADeviceName", in.VirtualMFADeviceName); refused != nil {
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
	return page(c, in, pageSize{100, 100}, c.account.MFADevices, "VirtualMFADevices", "VirtualMFADevice", c.deviceView)
}

// listAllMFADevices is the list of RAM, which does not page.
func listAllMFADevices(c *call, _ none) (answer, *apiError) {
	return listed("VirtualMFADevices", "VirtualMFADevice", inOrder(c.account.MFADevices), c.deviceView), nil
}

func (c *call) deviceView(d *mfaDevice) any {
	view := map[string]any{"SerialNumber": d.SerialNumber, "ActivateDate": stamp(d.Activated)}
	u := c.account.userByID(d.UserID)
	switch {
	case u == nil:
	case c.op.api == ram:
		view["User"] = userView{"UserId": u.ID, "UserName": u.Name, "DisplayName": u.DisplayName}
	default:
		view["User"] = userView{"UserId": u.ID, "UserPrincipalName": c.account.upn(u.Name), "DisplayName": u.DisplayName}
	}
	return view
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

// BindMFADevice takes two codes that the device shows one after the other.

type deviceCodes struct {
	deviceRef
	AuthenticationCode1 string `param:",required,secret"`
	AuthenticationCode2 string `param:",required,secret"`
}

type imsBindDevice struct {
	userPrincipal
	deviceCodes
}

func bindDeviceIMS(c *call, in imsBindDevice) (answer, *apiError) {
	u, refused := in.userPrincipal.find(c)
	return in.bind(c, u, refused)
}

type ramBindDevice struct {
	userNamed
	deviceCodes
}

func bindDeviceRAM(c *call, in ramBindDevice) (answer, *apiError) {
	u, refused := in.userNamed.find(c)
	return in.bind(c, u, refused)
}

var authenticationCode = regexp.MustCompile(`^[0-9]{6}$`)

func (in deviceCodes) bind(c *call, u *user, noUser *apiError) (answer, *apiError) {
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

// boundDevice is the device of a user that was looked for.
func (c *call) boundDevice(u *user, refused *apiError) (*mfaDevice, *apiError) {
	if refused != nil {
		return nil, refused
	}
	if device := c.account.deviceOf(u.ID); device != nil {
		return device, nil
	}
	return nil, errNoMFADevice(u)
}

func unbindDeviceIMS(c *call, in userPrincipal) (answer, *apiError) {
	return unbindDevice(c.boundDevice(in.find(c)))
}

func unbindDeviceRAM(c *call, in userNamed) (answer, *apiError) {
	return unbindDevice(c.boundDevice(in.find(c)))
}

func unbindDevice(device *mfaDevice, refused *apiError) (answer, *apiError) {
	if refused != nil {
		return nil, refused
	}
	device.UserID, device.Activated = "", time.Time{}
	return answer{"MFADevice": map[string]string{"SerialNumber": device.SerialNumber}}, nil
}

// disableVirtualMFA takes the device from its user and deletes it.
func disableVirtualMFA(c *call, in userPrincipal) (answer, *apiError) {
	device, refused := c.boundDevice(in.find(c))
	if refused != nil {
		return nil, refused
	}
	delete(c.account.MFADevices, device.SerialNumber)
	return answer{}, nil
}

func errNoMFADevice(u *user) *apiError {
	return notExist("User.MFADevice", "The user %s has no MFA device.", u.Name)
}

// ramMFAOwner names a user, and must.
type ramMFAOwner struct{ userNamed }

func (in ramMFAOwner) owner(c *call) (keyOwner, *apiError) { return ownedBy(in.find(c)) }

func getUserMFAInfo[In keyOwnerRef](c *call, in In) (answer, *apiError) {
	owner, refused := in.owner(c)
	if refused == nil && owner.user == nil {
		refused = errMissing("UserPrincipalName")
	}
	device, refused := c.boundDevice(owner.user, refused)
	if refused != nil {
		return nil, refused
	}
	out := answer{"MFADevice": map[string]string{"SerialNumber": device.SerialNumber, "Type": "VMFA"}}
	if c.op.api == ims {
		out["IsMFAEnable"] = true
	}
	return out, nil
}

// getAccountMFAInfo is about the root account, which has no device here.
func getAccountMFAInfo(*call, none) (answer, *apiError) {
	return answer{"IsMFAEnable": false}, nil
}
