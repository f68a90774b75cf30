package emulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

func TestMFADeviceThroughRAM(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	id := s.root.must(ram, "CreateUser", params{"UserName": "bot"}).at("User.UserId")
	bot, byName := params{"UserName": "bot"}, params{"UserPrincipalName": upn(s, "bot")}
	s.root.refused(ims, "CreateVirtualMFADevice", params{"VirtualMFADeviceName": "of.bot"}, 400, "InvalidParameter.VirtualMFADeviceName.InvalidChars")
	made := s.root.must(ram, "CreateVirtualMFADevice", params{"VirtualMFADeviceName": "of.bot"})
	serial, device := made.at("VirtualMFADevice.SerialNumber"), mfaDevice{Seed: made.at("VirtualMFADevice.Base32StringSeed")}
	s.root.refused(ram, "GetUserMFAInfo", bot, 404, "EntityNotExist.User.MFADevice")
	s.root.refused(ram, "GetUserMFAInfo", nil, 400, "MissingUserName")
	s.root.must(ram, "BindMFADevice", bot.with("SerialNumber", serial).
		with("AuthenticationCode1", device.code(s.clock.Now())).with("AuthenticationCode2", device.code(s.clock.Now().Add(codePeriod))))

	type fields = map[string]any
	want := []any{fields{
		"SerialNumber": serial, "ActivateDate": "2026-01-02T03:04:05Z", "User": fields{"UserId": id, "UserName": "bot", "DisplayName": "bot"},
	}}
	devices, _ := s.root.must(ram, "ListVirtualMFADevices", nil).Body["VirtualMFADevices"].(fields)
	if diff := cmp.Diff(want, devices["VirtualMFADevice"]); diff != "" {
		t.Errorf("devices (-want +got):\n%s", diff)
	}
	got := s.root.must(ram, "GetUserMFAInfo", bot)
	if got.at("MFADevice.SerialNumber") != serial || got.at("MFADevice.Type") != "VMFA" || got.at("IsMFAEnable") != "" {
		t.Errorf("got %v", got.Body)
	}
	if got := s.root.must(ram, "UnbindMFADevice", bot).at("MFADevice.SerialNumber"); got != serial {
		t.Errorf("unbound %q, want %q", got, serial)
	}
	s.root.refused(ram, "UnbindMFADevice", bot, 404, "EntityNotExist.User.MFADevice")
	s.root.refused(ims, "DisableVirtualMFA", byName, 404, "EntityNotExist.User.MFADevice")
	s.root.must(ram, "DeleteVirtualMFADevice", params{"SerialNumber": serial})

	serial = s.bindDevice("bot")
	s.root.must(ims, "DisableVirtualMFA", byName)
	s.root.refused(ims, "DeleteVirtualMFADevice", params{"SerialNumber": serial}, 404, "EntityNotExist.VirtualMFADevice")
	s.root.refused(ims, "GetUserMFAInfo", byName, 404, "EntityNotExist.User.MFADevice")
	s.root.refused(ims, "GetUserMFAInfo", nil, 400, "MissingUserPrincipalName")
	if got := s.root.must(ims, "GetAccountMFAInfo", nil).at("IsMFAEnable"); got != "false" {
		t.Errorf("IsMFAEnable of the root account is %s, want false", got)
	}
}
