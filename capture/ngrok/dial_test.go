package ngrok

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// connecting is a dialer whose network is script: nil connects, an error fails;
// after its end everything connects.
func connecting(t *testing.T, script ...error) (d *dialer, told *[]error, ends chan net.Conn) {
	t.Helper()
	told = &[]error{}
	d, err := newDialer("", func(err error) { *told = append(*told, err) })
	if err != nil {
		t.Fatal(err)
	}
	ends = make(chan net.Conn, 1000)
	d.dial = func(context.Context, string, string) (net.Conn, error) {
		if len(script) > 0 {
			err := script[0]
			script = script[1:]
			if err != nil {
				return nil, err
			}
		}
		here, there := net.Pipe()
		ends <- there
		return here, nil
	}
	return d, told, ends
}

var errDown = errors.New("the network is down")

func TestDialerWaitsLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, told, _ := connecting(t, errDown, errDown, errDown, errDown)
		began := time.Now()
		if _, err := d.DialContext(t.Context(), "tcp", "x"); err != nil {
			t.Fatal(err)
		}
		if got, want := time.Since(began), (500+1000+2000)*time.Millisecond; got != want {
			t.Errorf("connected after %v, want %v", got, want)
		}
		if len(*told) != 4 {
			t.Errorf("%d failures were told, want 4", len(*told))
		}
	})
}

// A service that accepts and cuts is not called hundreds of times a second: a
// day of that is one call every ten seconds.
func TestDialerCalmsAStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, ends := connecting(t)
		dials := 0
		for began := time.Now(); time.Since(began) < 24*time.Hour; dials++ {
			conn, err := d.DialContext(t.Context(), "tcp", "x")
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.Close()
			_ = (<-ends).Close()
		}
		if most := 24*60*6 + 10; dials > most {
			t.Errorf("%d connections in a day, want at most %d", dials, most)
		}
	})
}

func TestDialerForgivesWhatSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := connecting(t)
		for range 5 { // an hour online each, then a cut: reconnected at once
			began := time.Now()
			conn, err := d.DialContext(t.Context(), "tcp", "x")
			if err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited != 0 {
				t.Errorf("waited %v, want none", waited)
			}
			time.Sleep(time.Hour)
			_ = conn.Close()
		}
	})
}

func TestDialerWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := connecting(t, errDown, errDown, errDown, errDown, errDown, errDown, errDown)
		result := make(chan error, 1)
		go func() {
			_, err := d.DialContext(t.Context(), "tcp", "x")
			result <- err
		}()
		time.Sleep(8 * time.Second) // in the pause of 8 s
		synctest.Wait()
		began := time.Now()
		if !d.retry() {
			t.Error("retry reports that it could not, though the dialer waits")
		}
		if err := <-result; err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited > time.Second {
			t.Errorf("connected %v after it was woken, want at most 1s", waited)
		}
	})
}

func TestDialerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := connecting(t, errDown, errDown, errDown, errDown)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() {
			_, err := d.DialContext(ctx, "tcp", "x")
			result <- err
		}()
		time.Sleep(time.Second)
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		d.close()
		if _, err := d.DialContext(t.Context(), "tcp", "x"); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a closed dialer says %v, want net.ErrClosed", err)
		}
	})
}

func TestDialerCuts(t *testing.T) {
	d, _, ends := connecting(t)
	if d.retry() {
		t.Error("retry reports that it cut a connection, but there was none")
	}
	if _, err := d.DialContext(t.Context(), "tcp", "x"); err != nil {
		t.Fatal(err)
	}
	other := <-ends
	if !d.retry() {
		t.Error("retry did not cut the connection")
	}
	if _, err := other.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still open")
	}
	if d.retry() {
		t.Error("retry cut a connection twice: the SDK waits now, and somebody must be told")
	}
}
