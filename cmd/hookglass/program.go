package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
	"hookglass/store"
	"hookglass/ui/viewmodel"
)

// program ties the window to an engine.
type program struct {
	flags *flags
	app   *viewmodel.App
	logs  *logs
	ctx   context.Context // ends with the program
	do    func(func())    // runs a function on the screen's goroutine

	opening  sync.WaitGroup
	closing  sync.Once
	closeErr error
	mu       sync.Mutex
	engine   *engine.Engine // nil until it is open
}

// open starts the engine while the empty window is already there.
func (p *program) open() {
	if p.logs.report != "" {
		p.app.Crashed(p.logs.report)
	}
	config, address := p.config(), p.address()
	p.opening.Go(func() {
		e, url, err := p.start(config, address)
		if e == nil {
			p.logs.Error("the engine did not start", "err", err)
			p.do(func() { p.app.Fail(err) })
			return
		}
		p.mu.Lock()
		p.engine = e
		p.mu.Unlock()
		backend := p.backend(e, url, address)
		p.do(func() {
			p.app.Attach(backend)
			if err != nil {
				p.app.NotListening(notListening(err))
			}
		})
		if p.flags.Demo {
			if err := demo(p.ctx, e, url); err != nil {
				p.logs.Error("the demo's callbacks", "err", err)
			}
		}
	})
}

// config reads the settings on the screen's goroutine, which owns them.
func (p *program) config() engine.Config {
	prefs := p.app.Preferences
	config := engine.Config{
		Folder:    p.flags.DataDir,
		Limits:    capture.DefaultLimits(),
		Retention: store.DefaultRetention(),
		Changed:   p.app.Arrived,
		Trouble:   p.app.Trouble,
		Public:    p.app.PublicChanged,

		RulesChanged: p.app.RulesChanged, HeldChanged: p.app.HeldChanged, SessionsChanged: p.app.SessionsChanged,

		CallbacksChanged: p.app.CallbacksChanged,

		Raise:     func(files []string) { p.do(func() { p.app.Raised(files) }) },
		Log:       p.logs.Logger,
		MoveAside: true,
	}
	if p.flags.Demo {
		config.Getenv = demoEnv
	}
	if prefs.BodyLimit > 0 {
		config.Limits.Body = prefs.BodyLimit
	}
	if prefs.MaxCount != 0 {
		config.Retention.MaxExchanges = max(prefs.MaxCount, 0) // below zero: all
	}
	if prefs.MaxBytes != 0 {
		config.Retention.MaxBytes = max(prefs.MaxBytes, 0)
	}
	return config
}

// start opens the engine and listens. Where only listening fails, the engine is
// returned beside the error: what was captured can still be looked at.
func (p *program) start(config engine.Config, address string) (*engine.Engine, string, error) {
	e, err := engine.Open(p.ctx, config)
	if err != nil {
		return nil, "", err
	}
	url, err := e.Listen(p.ctx, address, p.flags.AnyPort || p.flags.Demo)
	if err == nil {
		p.logs.Info("listening", "url", url)
	}
	return e, url, err
}

// address is where to listen: the flag wins over the settings.
func (p *program) address() string {
	switch {
	case p.flags.Listen != "":
		return p.flags.Listen
	case p.app.Preferences.Listen != "":
		return p.app.Preferences.Listen
	default:
		return engine.DefaultListen
	}
}

// notListening says in the window's words why nothing listens.
func notListening(err error) string {
	var taken *engine.PortError
	if !errors.As(err, &taken) {
		return "Hookglass cannot listen: " + err.Error() + "."
	}
	by := "another program"
	if taken.By != "" {
		by = taken.By
	}
	return fmt.Sprintf("%s is in use by %s. Stop it and start Hookglass again, or take another port.", taken.Addr, by)
}

// backend hands an engine to the window.
func (p *program) backend(e *engine.Engine, url, address string) *viewmodel.Backend {
	return &viewmodel.Backend{
		Store: e.Store, Set: e.Set,
		Folder: p.flags.DataDir, URL: url,
		Mask: e.Mask, Notices: e.Notices(),
		ListenAnywhere: func(ctx context.Context) (string, error) { return e.Listen(ctx, address, true) },
		SaveKey:        e.SaveKey, RemoveKey: e.RemoveKey,
		Endpoints: e.Endpoints, PutEndpoint: e.PutEndpoint, RemoveEndpoint: e.RemoveEndpoint,
		Choices: e.Choices, Choose: e.Choose, ChooseAnyway: e.ChooseAnyway,
		Passed:  e.Passed,
		Failing: e.FailingRules,
		EndRule: func(ctx context.Context, id int64) error { return e.EnableRule(ctx, id, false, capture.Consent{}) },
		Rules:   e.Rules, PutRule: e.PutRule, RemoveRule: e.RemoveRule, EnableRule: e.EnableRule,
		ResetRule: e.ResetRule, MoveRule: e.MoveRule, TryRule: e.TryRule, PreviewRule: e.PreviewRule,
		Held: e.Held, AnswerHeld: e.AnswerHeld, ReleaseHeld: e.ReleaseHeld,
		PreviewResend: previewResend(e), ResendAs: e.ResendAs, StartResend: startResend(e),
		Sample:   e.Sample,
		SendMade: e.SendMade, AskMade: e.AskMade, TestIdentity: e.TestIdentity,
		OpenTunnel: e.OpenTunnel, UsePublicURL: e.UsePublicURL, ClosePublic: e.ClosePublic,
		CheckPublic: e.CheckPublic, DiagnosePublic: e.DiagnosePublic,
		PublicEvents: e.PublicEvents, TunnelToken: e.TunnelToken,
		PreviewShare: e.PreviewShare, WriteShare: e.WriteShare, ShareText: e.ShareText,
		OpenFile: e.OpenFile, OpenText: e.OpenText, ImportOpened: e.ImportOpened, CloseOpened: e.CloseOpened,
	}
}

// endAnyway closes everything and ends the process where Fyne does not return
// soon after it was told to quit: once in some eighty times Fyne 2.8.1 waits for
// itself for ever, and would keep the port and the lock.
func (p *program) endAnyway(ended <-chan struct{}) {
	const patience = 2 * time.Second
	select {
	case <-ended:
		return
	case <-time.After(patience):
	}
	select {
	case <-ended:
	default:
		if err := p.close(); err != nil {
			p.logs.Error("the end", "err", err)
			os.Exit(exitFailure)
		}
		os.Exit(0)
	}
}

// close ends the window's work, then the engine; a second call waits for the
// first.
func (p *program) close() error {
	p.closing.Do(func() { p.closeErr = p.end() })
	return p.closeErr
}

func (p *program) end() error {
	err := p.app.Close()
	p.opening.Wait()
	if p.engine != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		err = errors.Join(err, p.engine.Close(ctx))
	}
	return err
}
