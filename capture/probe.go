package capture

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// probeTimeout bounds a self-test.
const probeTimeout = 10 * time.Second

// probeAnswerLimit bounds how much of a stranger's answer to a self-test is read.
const probeAnswerLimit = 4 << 10

// Probes are the requests that we send to ourselves through the public address,
// to see whether it carries. The handler answers them, and keeps none. A stranger
// can neither cause nor notice one: it is known by 128 random bits, once, for as
// long as it is on its way. The zero value is ready; its methods are safe for
// concurrent use.
type Probes struct {
	waiting atomic.Int32
	mu      sync.Mutex
	probes  []*probe
}

// probe is a self-test on its way.
type probe struct {
	name   string // last segment of the path
	answer string // what only we can answer
	via    Via
	seen   bool // it came back in
	astray bool // it came in, but another way: then it was taken for a callback
}

// Check sends a request through client to the public address and says whether it
// came back in via the way that is meant, and our answer back out. It ends with
// ctx, and after ten seconds at the latest.
func (p *Probes) Check(ctx context.Context, client *http.Client, base string, via Via) Reach {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	it := p.begin(via)
	began := time.Now()
	reach := send(ctx, client, base, it)
	reach.At = time.Now()
	switch seen, astray := p.end(it); {
	case reach.Outcome == Reached:
		reach.Took = reach.At.Sub(began)
	case seen:
		reach.Outcome = Unreached
		reach.Text = "The test came in, but its answer did not come back out: " + reach.Text
	case astray:
		reach.Outcome, reach.Text = Unreached, wentAstray(via)
	}
	return reach
}

// wentAstray says why a test that came in does not count.
func wentAstray(via Via) string {
	if via == ViaPublic {
		return "The test came in, but not under the name of this address, so that it was taken for a callback from this machine. Let your proxy pass on Host, or have it set X-Forwarded-Host."
	}
	return "The test came in at the local address and not through this tunnel: something else serves the public address and leads it here."
}

func (p *Probes) begin(via Via) *probe {
	it := &probe{name: nonce(), answer: nonce(), via: via}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.probes = append(p.probes, it)
	p.waiting.Add(1)
	return it
}

// end takes a probe back, and reports whether it came in as it should, or another
// way.
func (p *Probes) end(it *probe) (seen, astray bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.probes {
		if p.probes[i] == it {
			p.probes = append(p.probes[:i], p.probes[i+1:]...)
			p.waiting.Add(-1)
			break
		}
	}
	return it.seen, it.astray
}

// nonce is 128 random bits, in hexadecimal.
func nonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// take answers a request that is one of the probes, and reports whether it was.
// The path's last segment counts: a proxy on the way may put others before it.
func (p *Probes) take(w http.ResponseWriter, r *http.Request, via Via) bool {
	if p == nil || p.waiting.Load() == 0 {
		return false
	}
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	p.mu.Lock()
	var found *probe
	for _, it := range p.probes {
		switch {
		case it.seen || subtle.ConstantTimeCompare([]byte(it.name), []byte(name)) != 1:
		case it.via != via:
			it.astray = true
		default:
			found = it
			it.seen = true
		}
	}
	p.mu.Unlock()
	if found == nil {
		return false
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, found.answer) // Check misses it
	return true
}

// send makes the request of a probe, and says what came back.
func send(ctx context.Context, client *http.Client, base string, it *probe) Reach {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/"+it.name, nil)
	if err != nil {
		return Reach{Outcome: Untested, Text: fmt.Sprintf("The address cannot be asked: %v.", err)}
	}
	request.Header.Set("Ngrok-Skip-Browser-Warning", "1")
	request.Header.Set("User-Agent", "Hookglass self-test")
	once := *client
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := once.Do(request)
	if err != nil {
		return unsent(err)
	}
	defer func() { _ = response.Body.Close() }() // was read as far as it counts
	body, err := io.ReadAll(io.LimitReader(response.Body, probeAnswerLimit))
	if err == nil && subtle.ConstantTimeCompare(body, []byte(it.answer)) == 1 {
		return Reach{Outcome: Reached}
	}
	return answeredElsewhere(response)
}

// unsent says why a probe got no answer at all.
func unsent(err error) Reach {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return Reach{Outcome: Untested, Text: "This machine cannot find the name " + dns.Name + ", so that the address could not be tested from here. Providers may reach it all the same."}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Reach{Outcome: Unreached, Text: fmt.Sprintf("Nothing came back within %s.", probeTimeout)}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return Reach{Outcome: Untested, Text: fmt.Sprintf("This machine could not connect to it: %v.", op.Err)}
	}
	return Reach{Outcome: Unreached, Text: fmt.Sprintf("The address could not be asked: %v.", err)}
}

// codeField is the header field in which ngrok's edge says what it found wrong. A
// program behind it cannot set it.
const codeField = "Ngrok-Error-Code"

// answeredElsewhere says who answered in our place.
func answeredElsewhere(response *http.Response) Reach {
	reach := Reach{Outcome: Unreached, Status: response.StatusCode, Code: Visible(response.Header.Get(codeField))}
	switch {
	case reach.Code == "ERR_NGROK_3200":
		reach.Text = "ngrok says that nobody serves this address."
	case reach.Status == http.StatusForbidden || reach.Status == http.StatusUnauthorized:
		reach.Outcome = Blocked
		reach.Text = fmt.Sprintf("The edge is alive, and a policy there turned the test away with %d. Callers that the policy lets in get through.", reach.Status)
	case reach.Status == http.StatusTooManyRequests:
		reach.Outcome = Blocked
		reach.Text = "The edge is alive, and its limit of requests turned the test away with 429."
	case reach.Status >= 300 && reach.Status < 400:
		reach.Text = fmt.Sprintf("Somebody else answers there with %d, to %s.", reach.Status, Visible(response.Header.Get("Location")))
	case reach.Code != "":
		reach.Text = fmt.Sprintf("ngrok's edge answered %d (%s).", reach.Status, reach.Code)
	default:
		reach.Text = fmt.Sprintf("Somebody else answers there, with %d.", reach.Status)
	}
	return reach
}
