package main

import (
	"io"
	"net/http"
	"sync"
)

// remoteState keeps a state as Terraform's "http" backend asks for it, without a lock. A
// state of thousands of objects lies with a service anyway, and Terraform saves it there
// every 20 seconds, where a local file would be written anew after each object.
type remoteState struct {
	mutex sync.Mutex
	text  []byte
}

// ServeHTTP implements http.Handler.
func (s *remoteState) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch r.Method {
	case http.MethodGet:
		if s.text == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(s.text)
	case http.MethodPost:
		text, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		s.text = text
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}
