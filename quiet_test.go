package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	off := map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_RAM": "OFF"}
	for name, test := range map[string]struct{ environment, want map[string]string }{
		"nobody listens":                {nil, off},
		"Terraform's log is asked for":  {map[string]string{"TF_LOG": "DEBUG"}, map[string]string{}},
		"the providers' is asked for":   {map[string]string{"TF_LOG_PROVIDER": "TRACE"}, map[string]string{}},
		"one of the libraries' is kept": {map[string]string{"TF_LOG_SDK_PROTO": "TRACE"}, map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_RAM": "OFF"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			err := quiet(func(name string) (string, bool) {
				value, ok := test.environment[name]
				return value, ok
			}, func(name, value string) error {
				got[name] = value
				return nil
			})
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v, variables (-want +got):\n%s", err, diff)
			}
		})
	}
}
