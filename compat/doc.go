// Package compat lets clients that this project did not write talk to its emulator.
// Client and emulator are two readings of the same documents; these SDKs are a third,
// so a mistake that both of ours share does not stay hidden. The SDKs live in a module
// of their own because nothing of the product depends on them.
package compat
