// Package emulator is a local RAM, IMS, STS and ResourceManager service: strict,
// honest about what it assumes, and good at failing on demand.
package emulator
