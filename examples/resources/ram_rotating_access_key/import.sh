# By the name of the user, if it has only one key: that becomes `current`.
terraform import ram_rotating_access_key.ci ci-deploy

# Otherwise say which key is which: <user_name>/<current> leaves the other key alone,
# and <user_name>/<current>/<previous> takes it over, to disable and recycle it once its
# overlap is over.
