package emulator

import (
	"testing"
	"time"
)

// bindDevice makes a device and binds it to a user with two codes in a row.
func (s *service) bindDevice(name string) (serial string) {
	s.t.Helper()
	made := s.root.must(ims, "CreateVirtualMFADevice", params{"VirtualMFADeviceName": name})
	device := mfaDevice{Seed: made.at("VirtualMFADevice.Base32StringSeed")}
	serial = made.at("VirtualMFADevice.SerialNumber")
	s.root.must(ims, "BindMFADevice", params{
		"UserPrincipalName": upn(s, name), "SerialNumber": serial,
		"AuthenticationCode1": device.code(s.clock.Now()), "AuthenticationCode2": device.code(s.clock.Now().Add(30 * time.Second)),
	})
	return serial
}

// The vectors of RFC 6238, appendix B (SHA-1), cut to six digits.
func TestAuthenticationCode(t *testing.T) {
	t.Parallel()
	device := mfaDevice{Seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"} // 12345678901234567890
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		if got := device.code(time.Unix(at, 0)); got != want {
			t.Errorf("at %d the code is %s, want %s", at, got, want)
		}
	}
}

func TestMFADevice(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	s.root.must(ram, "CreateUser", params{"UserName": "bot"})
	s.root.must(ram, "CreateUser", params{"UserName": "second"})
	byName := params{"UserPrincipalName": upn(s, "bot")}
	s.root.refused(ims, "GetUserMFAInfo", byName, 404, "EntityNotExist.User.MFADevice")
	serial := s.bindDevice("bot")
	if got := s.root.must(ims, "GetUserMFAInfo", byName).at("MFADevice.SerialNumber"); got != serial {
		t.Errorf("the user has the device %q, want %q", got, serial)
	}
	codes := func(name, code1, code2 string) params {
		return params{"UserPrincipalName": upn(s, name), "SerialNumber": serial, "AuthenticationCode1": code1, "AuthenticationCode2": code2}
	}
	s.root.refused(ims, "BindMFADevice", codes("bot", "000000", "000000"), 409, "EntityAlreadyExists.User.MFADevice")
	s.root.refused(ims, "BindMFADevice", codes("second", "000000", "000000"), 409, "EntityAlreadyExists.VirtualMFADevice.User")
	s.root.refused(ims, "DeleteVirtualMFADevice", params{"SerialNumber": serial}, 409, "DeleteConflict.VirtualMFADevice.User")
	s.root.must(ims, "UnbindMFADevice", byName)
	s.root.refused(ims, "BindMFADevice", codes("bot", "12345", "123456"), 400, "InvalidParameter.AuthenticationCode.Format")
	device := s.state.Accounts[s.Accounts()[0].ID].MFADevices[serial]
	same := device.code(s.clock.Now())
	s.root.refused(ims, "BindMFADevice", codes("bot", same, same), 403, "CheckAuthenticationCodeFail")
	s.root.must(ims, "DeleteVirtualMFADevice", params{"SerialNumber": serial})
	s.root.refused(ims, "DeleteVirtualMFADevice", params{"SerialNumber": serial}, 404, "EntityNotExist.VirtualMFADevice")
}
