package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	off := map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_RAM": "OFF"}
	for name, test := range map[string]struct {
		environment, want map[string]string
		silent            bool
	}{
		"nobody listens":                {nil, off, true},
		"Terraform's log is asked for":  {map[string]string{"TF_LOG": "DEBUG"}, map[string]string{}, false},
		"the providers' is asked for":   {map[string]string{"TF_LOG_PROVIDER": "TRACE"}, map[string]string{}, false},
		"one of the libraries' is kept": {map[string]string{"TF_LOG_SDK_PROTO": "TRACE"}, map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_RAM": "OFF"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			silent, err := quiet(func(name string) (string, bool) {
				value, ok := test.environment[name]
				return value, ok
			}, func(name, value string) error {
				got[name] = value
				return nil
			})
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil || silent != test.silent {
				t.Errorf("silent %v, %v, variables (-want +got):\n%s", silent, err, diff)
			}
		})
	}
}
