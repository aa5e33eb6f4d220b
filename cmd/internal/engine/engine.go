package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store"
	"hookglass/store/secret"
)

// Config says how an engine is to run. The zero value of a field takes the
// default, but for Folder, which must be set, and Limits and Retention, where
// zero means no limit.
type Config struct {
	Folder    string
	Limits    capture.Limits
	Retention store.Retention
	Changed   func(x *capture.Exchange, kept store.Kept) // see store.Options
	Trouble   func(error)                                // see capture.Handler; the error's text is a sentence for a person
	Getenv    func(string) string                        // os.Getenv
	Log       *slog.Logger                               // discards
	Public    func(capture.Public)                       // told every change of the public address, in order; must not block

	// RulesChanged is told that rules have changed, ended or, once a second at the
	// most, answered; for the first time before Open returns. It must not block.
	RulesChanged func()
	Now          func() time.Time // the clock that ends rules; time.Now

	// HeldChanged is told that other callbacks wait for a person now. It must not
	// block.
	HeldChanged func()

	// SessionsChanged is told that another process has changed sessions or imported a
	// file. It must not block.
	SessionsChanged func()

	// CallbacksChanged is told which callbacks another process has marked, noted,
	// pinned or deleted: Changed is not. It must not block.
	CallbacksChanged func(ids []int64)

	// Raise is called where a second start asks for the window, with the files
	// that it was given. It must not block. nil: there is no window.
	Raise func(files []string)

	// MoveAside lets Open move a damaged database aside and begin a new one,
	// which Notices tells. Without it, Open fails with store.ErrDamaged. It is
	// for the process that captures: a single change must not decide that.
	MoveAside bool

	brief bool // it makes one change and ends
}

// Engine captures into a data folder. Open makes one.
type Engine struct {
	Store *store.DB
	Set   *providers.Set

	config    Config
	lock      *flock.Flock
	secrets   *secret.Store
	server    *capture.Server
	flights   *flights
	public    *publicAddress
	endpoints atomic.Pointer[capture.Endpoints]
	rules     atomic.Pointer[capture.Rules]
	chosen    atomic.Pointer[map[int64]bool] // IDs of the rules that are choices
	counters  *capture.Counters
	holds     *capture.Holds
	forwarder *capture.Forwarder
	replayer  capture.Replayer
	masked    atomic.Pointer[[]string]
	unread    atomic.Bool // some secrets could not be read, and are not in masked
	courtesy  courtesy
	opened    openedFiles
	notices   []string
	since     time.Time

	ctx      context.Context // the life of the goroutines below; Close ends it
	cancel   context.CancelFunc
	running  sync.WaitGroup
	work     chan string // providers to verify again
	changing sync.Mutex  // held while a change is made
	alone    bool        // one change is made, and nothing is captured

	counted    atomic.Bool   // rules have counted what is not kept yet
	ruleHit    chan struct{} // wakes keepRules, as does the next one
	ruleChange chan struct{}

	mu            sync.Mutex // guards what follows
	control       net.Listener
	controlFolder string // what holds the socket of a folder whose path is too long; "" for others
	listeners     []net.Listener
	url           string // of the last one
	samples       *pipeListener
	closed        bool

	closing  sync.Once
	closeErr error
}

// Open takes the capture lock of a folder, opens its store and makes everything
// ready to listen. Notices says what is out of order and did not stop it. It
// fails with *CapturedError where another process captures.
func Open(ctx context.Context, config Config) (*Engine, error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Getenv == nil {
		config.Getenv = os.Getenv
	}
	notices, err := makeFolder(config.Folder)
	if err != nil {
		return nil, err
	}
	lock, err := lockFolder(ctx, config.Folder)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		Set:    all.NewSet(),
		config: config, lock: lock, notices: notices,
		secrets:  secret.Open(config.Folder, config.Getenv),
		work:     make(chan string, 64),
		counters: capture.NewCounters(),
		ruleHit:  make(chan struct{}, 1), ruleChange: make(chan struct{}, 1),
		since: time.Now().UTC().Truncate(time.Second),
	}
	e.holds = &capture.Holds{Began: e.heldBegan, Changed: e.heldChanged}
	e.forwarder = &capture.Forwarder{Ours: e.ours, Observed: e.observed}
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := e.open(ctx); err != nil {
		return nil, errors.Join(err, e.Close(ctx))
	}
	return e, nil
}

func (e *Engine) open(ctx context.Context) error {
	if err := e.openStore(ctx); err != nil {
		return err
	}
	if err := e.Store.SeedEndpoints(ctx, e.Set.Endpoints()); err != nil {
		return fmt.Errorf("create the first endpoints: %w", err)
	}
	if err := e.loadEndpoints(ctx); err != nil {
		return err
	}
	if err := e.beginRules(ctx); err != nil {
		return err
	}
	unread, err := e.loadKeys(ctx)
	if err != nil {
		return err
	}
	if unread != nil {
		e.notices = append(e.notices, unreadNotice(unread))
	}
	e.flights = newFlights(e.Store)
	e.public = newPublicAddress(e)
	e.server = capture.NewServer(&capture.Handler{
		Recorder: e.flights,
		Limits:   e.config.Limits,
		Endpoint: e.endpoint,
		Annotate: e.Set.Annotate,
		Answer:   e.answer,
		Wants:    e.wantsAnnotation,
		Public:   e.public.isPublic,
		Probes:   &e.public.probes,
		Trouble:  e.trouble,
		Log:      e.config.Log,
	})
	go e.public.run() // close waits for it
	e.running.Go(e.keepRules)
	return nil
}

func (e *Engine) openStore(ctx context.Context) (err error) {
	path := StorePath(e.config.Folder)
	options := store.Options{Changed: e.changed, Retention: e.config.Retention, Logger: e.config.Log, Search: true, Brief: e.config.brief}
	e.Store, err = store.Open(ctx, path, options)
	if !e.config.MoveAside || !errors.Is(err, store.ErrDamaged) {
		return err
	}
	aside, moveErr := store.MoveAside(path)
	if moveErr != nil {
		return fmt.Errorf("the database is damaged (%w) and could not be moved aside: %w", err, moveErr)
	}
	e.notices = append(e.notices, fmt.Sprintf("the database was damaged and was moved to %s; a new one was begun", aside))
	e.Store, err = store.Open(ctx, path, options)
	return err
}

// changed passes on what the store has kept of an exchange.
func (e *Engine) changed(x *capture.Exchange, kept store.Kept) {
	if kept == store.Request {
		e.public.arrived(x)
		e.courtesy.arrived()
	}
	if e.config.Changed != nil {
		e.config.Changed(x, kept)
	}
}

// Notices returns what a person should know about the start.
func (e *Engine) Notices() []string { return e.notices }

func (e *Engine) loadEndpoints(ctx context.Context) error {
	endpoints, err := e.Store.Endpoints(ctx)
	if err != nil {
		return fmt.Errorf("read the endpoints: %w", err)
	}
	e.endpoints.Store(&endpoints)
	return nil
}

func (e *Engine) endpoint(path string) *capture.Endpoint { return e.endpoints.Load().Find(path) }

// closeTimeout bounds how long callbacks that are being answered hold up the
// end.
const closeTimeout = 5 * time.Second

// purgeTimeout bounds how long the end removes what was deleted; the next start
// goes on with it.
const purgeTimeout = time.Second

// Close stops listening, lets the callbacks in progress end, waits for every
// goroutine, closes the store and gives the lock back.
func (e *Engine) Close(ctx context.Context) error {
	e.closing.Do(func() { e.closeErr = e.close(ctx) })
	return e.closeErr
}

func (e *Engine) close(ctx context.Context) error {
	e.mu.Lock()
	e.closed = true // from here on nothing else touches what mu guards
	e.mu.Unlock()
	var errs []error
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if e.server != nil {
		e.public.close(whyClosed)
		errs = append(errs, e.server.Shutdown(ctx)) // who is held gets the fallback
	}
	// What was forwarded to be observed is kept; an app that takes long is not
	// waited for.
	e.logged("end what was forwarded", e.forwarder.Close(ctx))
	// Who comes now finds nobody that captures, and waits for the lock.
	errs = append(errs, e.stopControl())
	e.cancel()
	e.running.Wait()
	if e.Store != nil {
		errs = append(errs, e.saveCounts(ctx), e.closeStore(ctx))
	}
	return errors.Join(append(errs, e.lock.Unlock())...)
}

func (e *Engine) closeStore(ctx context.Context) error {
	if e.config.brief {
		return e.Store.Close()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), purgeTimeout)
	defer cancel()
	_, err := e.Store.Purge(ctx)
	if err != nil {
		err = fmt.Errorf("remove what was deleted: %w", err)
	}
	return errors.Join(err, e.Store.Close())
}
