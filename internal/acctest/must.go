package acctest

import "testing"

// Must ends the test on an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// MustApply plans and applies, and ends the test if either fails.
func (p *Protocol) MustApply(resourceType string, prior Object, config map[string]any) Object {
	p.t.Helper()
	after, diags := p.Apply(p.Plan(resourceType, prior, config))
	if diags.HasError() {
		p.t.Fatalf("apply: %q", diags.Errors())
	}
	return after
}

// MustCreate is MustApply from nothing.
func (p *Protocol) MustCreate(resourceType string, config map[string]any) Object {
	p.t.Helper()
	return p.MustApply(resourceType, Object{}, config)
}

// MustDestroy plans to destroy the object and does so, and ends the test if either fails.
func (p *Protocol) MustDestroy(object Object) {
	p.t.Helper()
	p.MustApply(object.Type, object, nil)
}

// MustRead refreshes the object, and ends the test if that fails.
func (p *Protocol) MustRead(object Object) Object {
	p.t.Helper()
	read, diags := p.Read(object)
	if diags.HasError() {
		p.t.Fatalf("read: %q", diags.Errors())
	}
	return read
}

// RequireSettled fails the test unless a new run reads the object, which is still there,
// and plans nothing.
func (e *Env) RequireSettled(t testing.TB, object Object, config map[string]any) {
	t.Helper()
	p := e.Protocol(t, nil)
	read := p.MustRead(object)
	if !read.Exists() {
		t.Fatal("the object reads as gone")
	}
	again := p.Plan(object.Type, read, config)
	if again.Diagnostics.HasError() {
		t.Fatalf("plan: %q", again.Diagnostics.Errors())
	}
	if !again.IsEmpty() {
		t.Errorf("want an empty plan, got %v to %v", p.Attributes(read.Value), p.Attributes(again.Value))
	}
}
