package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
)

type serveCommand struct {
	Listen  string `help:"Address to listen on (default ${default})." default:"${listen}" placeholder:"ADDR"`
	AnyPort bool   `help:"Take the next free port where the address is in use."`
	JSON    bool   `help:"One JSON object a line."`

	Tunnel        bool   `help:"Open a public HTTPS address through ngrok."`
	Domain        string `help:"The tunnel's domain (default: the account's own)." placeholder:"D"`
	TrafficPolicy string `help:"A Traffic Policy for the tunnel, in YAML or JSON." placeholder:"FILE" type:"path"`
	Proxy         string `help:"A SOCKS5 proxy to reach ngrok through." placeholder:"URL"`
	PublicURL     string `name:"public-url" help:"A public address of your own that leads here: it is tested, and what comes through it is marked." placeholder:"URL"`

	Keep      int   `help:"Exchanges to keep, oldest unproven dropped first; 0 for all (default ${default})." default:"100000" placeholder:"N"`
	KeepBytes int64 `help:"Size of the database to stay under; 0 for any (default ${default})." default:"2147483648" placeholder:"BYTES"`

	MaxBody       int64         `help:"Bytes of a body that are kept; more is answered 413 (default ${default})." default:"33554432" placeholder:"BYTES"`
	MaxHead       int           `help:"Bytes of a head; more is refused with 431 (default ${default})." default:"65536" placeholder:"BYTES"`
	MaxInFlight   int           `help:"Requests that are read whole and not yet done with; more are answered 503 (default ${default})." default:"2048" placeholder:"N"`
	MaxPerSource  int           `help:"Requests of one caller at once, loopback exempt; more are answered 503 (default ${default})." default:"128" placeholder:"N"`
	MaxBodies     int64         `help:"Bytes of bodies in memory; more is answered 503 (default ${default})." default:"268435456" placeholder:"BYTES"`
	HeaderTimeout time.Duration `help:"Time for a head to arrive (default ${default})." default:"10s" placeholder:"T"`
	BodyTimeout   time.Duration `help:"Time for a body to arrive; later is answered 408 (default ${default})." default:"2m" placeholder:"T"`
}

func (c *serveCommand) config(t *terminal) engine.Config {
	limits := capture.DefaultLimits()
	limits.Body, limits.Head, limits.InFlight = c.MaxBody, c.MaxHead, c.MaxInFlight
	limits.PerSource, limits.Bodies = c.MaxPerSource, c.MaxBodies
	limits.HeaderTimeout, limits.BodyTimeout = c.HeaderTimeout, c.BodyTimeout
	config := t.config()
	config.MoveAside = true
	config.Limits = limits
	config.Retention = store.Retention{MaxExchanges: c.Keep, MaxBytes: c.KeepBytes}
	return config
}

// tuneMemory lets the heap grow further between collections, as long as it is
// small: what lives is a few megabytes, what a flood of callbacks or a share leaves behind
// is gigabytes a minute, and collecting it at every doubling took a twentieth of
// the processor. GOGC and GOMEMLIMIT win.
func tuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(512 << 20)
	}
}

// check says which flag cannot be meant.
func (c *serveCommand) check() error {
	host, port, err := net.SplitHostPort(c.Listen)
	number, numErr := strconv.ParseUint(port, 10, 16)
	if err != nil || numErr != nil {
		return usage("--listen %q is not an address such as 127.0.0.1:4480", c.Listen)
	}
	if host == "" {
		return usage("--listen %q names no host; 127.0.0.1:%d is this machine alone, 0.0.0.0:%d whoever can reach it", c.Listen, number, number)
	}
	if err := c.checkPublic(); err != nil {
		return err
	}
	for name, value := range map[string]int64{
		"keep": int64(c.Keep), "keep-bytes": c.KeepBytes, "max-body": c.MaxBody, "max-head": int64(c.MaxHead),
		"max-in-flight": int64(c.MaxInFlight), "max-per-source": int64(c.MaxPerSource), "max-bodies": c.MaxBodies,
		"header-timeout": int64(c.HeaderTimeout), "body-timeout": int64(c.BodyTimeout),
	} {
		if value < 0 {
			return usage("--%s is below zero", name)
		}
	}
	return nil
}

func (c *serveCommand) Run(ctx context.Context, t *terminal) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	tuneMemory()
	// Who reads what is printed may leave; capture must not end with it.
	signal.Ignore(syscall.SIGPIPE)
	printer := newPrinter(t.out, c.JSON)
	config := c.config(t)
	config.Changed = printer.changed
	failed := make(chan error, 1)
	config.Public = publicPrinter(printer, failed)
	config.Trouble = func(trouble error) {
		if trouble == nil {
			t.say("callbacks are stored again")
			return
		}
		t.say("%v", trouble)
	}
	e, err := engine.Open(ctx, config)
	if err != nil {
		return err
	}
	for _, notice := range e.Notices() {
		t.say("%s", notice)
	}
	printed := make(chan struct{})
	defer func() {
		err = errors.Join(err, e.Close(ctx))
		close(printer.rows)
		select {
		case <-printed:
		case <-time.After(lastWords): // a terminal that is stopped must not hold up the end
		}
	}()
	url, err := e.Listen(ctx, c.Listen, c.AnyPort)
	go func() {
		defer close(printed)
		if err := printer.run(url, e.Mask); err != nil {
			t.say("nothing more is printed here (%v); capture goes on", err)
			printer.drain()
		}
	}()
	if err != nil {
		return err
	}
	if err := c.openPublic(ctx, e); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

const (
	// printerQueue is how many callbacks may wait for a slow terminal.
	printerQueue = 1024

	// lastWords is how long the end waits for what is still to be printed.
	lastWords = 2 * time.Second
)

// printer prints a line per exchange. A terminal that does not keep up never
// holds up a callback: what it misses is counted and said.
type printer struct {
	out     io.Writer
	json    bool
	rows    chan *capture.Exchange
	public  chan capture.Public
	missed  int // owned by changed, which the store calls from one goroutine
	missing chan int
}

func newPrinter(out io.Writer, json bool) *printer {
	return &printer{out: out, json: json, rows: make(chan *capture.Exchange, printerQueue), public: make(chan capture.Public, publicQueue), missing: make(chan int, 1)}
}

// changed takes what became of an exchange, once; for a person also that it is
// held, as there is something to do about it. The store calls it; it never blocks.
func (p *printer) changed(x *capture.Exchange, kept store.Kept) {
	if kept != store.Outcome || p.json && x.State == capture.StateHeld {
		return
	}
	select {
	case p.rows <- x:
	default:
		p.missed++
	}
	if p.missed > 0 {
		select {
		case p.missing <- p.missed:
			p.missed = 0
		default:
		}
	}
}

// run prints until rows is closed. url is empty where nothing listens.
func (p *printer) run(url string, mask func(string) string) error {
	out := bufio.NewWriter(p.out)
	if url != "" {
		if err := p.listening(out, url); err != nil {
			return err
		}
	}
	for {
		select {
		case x, more := <-p.rows:
			if !more {
				return errors.Join(p.rest(out), out.Flush())
			}
			if err := p.row(out, x, mask); err != nil {
				return err
			}
		case state := <-p.public:
			if err := printPublic(out, &state, p.json); err != nil {
				return err
			}
		}
		if len(p.rows)+len(p.public) > 0 {
			continue // more is coming: one write for all of it
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// rest prints the last changes of the public address, which is closed by then.
func (p *printer) rest(out *bufio.Writer) error {
	for len(p.public) > 0 {
		state := <-p.public
		if err := printPublic(out, &state, p.json); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) listening(out *bufio.Writer, url string) error {
	var err error
	if p.json {
		err = writeJSON(out, struct {
			Event string `json:"event"`
			URL   string `json:"url"`
		}{"listening", url})
	} else {
		_, err = fmt.Fprintf(out, "listening on %s\n", url)
	}
	return errors.Join(err, out.Flush())
}

func (p *printer) row(out *bufio.Writer, x *capture.Exchange, mask func(string) string) error {
	if err := printRow(out, x, mask, p.json); err != nil {
		return err
	}
	select {
	case missed := <-p.missing:
		return p.skipped(out, missed)
	default:
		return nil
	}
}

func (p *printer) skipped(out *bufio.Writer, missed int) error {
	if p.json {
		return writeJSON(out, struct {
			Event string `json:"event"`
			Count int    `json:"count"`
		}{"skipped", missed})
	}
	_, err := fmt.Fprintf(out, "… %d callbacks are stored but not printed here: this terminal is slower than they come; hookglassctl list has them\n", missed)
	return err
}

// drain goes on taking rows after the output has failed: capture must not
// notice.
func (p *printer) drain() {
	for more := true; more; {
		_, more = <-p.rows
	}
}
