# A program that prints credentials. It runs without a shell, anew for each session.
provider "ram" {
  external = {
    command = ["acs-sso", "login", "--profile", "terraform"]
    timeout = "2m"
  }
}
