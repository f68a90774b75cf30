package main

// quiet keeps the plugin libraries from writing a log that nobody reads. Unless they are
// told otherwise, they format a line for every step of every request and send it to
// Terraform, which drops it: a third of the provider's processor time, measured with 500
// objects. Terraform keeps logs only if TF_LOG or TF_LOG_PROVIDER asks for them
// (Terraform CLI: Debugging); a debugger's user sets the variables below. It says whether
// nobody listens to anything.
func quiet(lookup func(string) (string, bool), set func(name, value string) error) (silent bool, err error) {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER"} {
		if _, asked := lookup(name); asked {
			return false, nil
		}
	}
	silent = true
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_RAM"} {
		if _, asked := lookup(name); asked {
			silent = false
			continue
		}
		if err := set(name, "OFF"); err != nil {
			return false, err
		}
	}
	return silent, nil
}
