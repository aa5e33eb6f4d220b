package viewmodel

// Signal tells those who draw a part of the state that it has changed.
type Signal struct{ listeners []func() }

// Listen adds a listener. It is called on the screen's goroutine.
func (s *Signal) Listen(f func()) { s.listeners = append(s.listeners, f) }

// Emit calls every listener.
func (s *Signal) Emit() {
	for _, f := range s.listeners {
		f()
	}
}
