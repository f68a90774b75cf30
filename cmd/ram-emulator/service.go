package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/ramprovider/terraform-provider-ram/internal/emulator"
)

// service is an emulator on a port.
type service struct {
	emulator *emulator.Emulator
	url      string
	server   *http.Server
	failed   chan error // gets the error that ended serving, if any did
}

func (f serviceFlags) start(ctx context.Context) (*service, error) {
	if err := f.checkListen(); err != nil {
		return nil, err
	}
	e, err := emulator.New(f.config())
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &service{
		emulator: e,
		url:      "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           e,
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          log.New(io.Discard, "", 0), // clients going away are no news
		},
		failed: make(chan error, 1),
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return s, nil
}

// stop lets calls under way finish for a moment.
func (s *service) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		return s.server.Close()
	}
	return nil
}
