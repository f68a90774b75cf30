package connection

// ForgetDomain makes PrincipalName ask for the account's domain again: this process has
// just changed it.
func (c *Connection) ForgetDomain() {
	c.domain.Lock()
	defer c.domain.Unlock()
	c.domainIs = ""
}
