package viewmodel

import (
	"context"
	"strings"

	"hookglass/capture/ngrok"
)

// PublicMode says whose address is the public one.
type PublicMode string

// The modes.
const (
	PublicTunnel PublicMode = "tunnel" // ngrok's
	PublicOwn    PublicMode = "own"    // the person's own
)

// PublicPreferences is what is remembered of the public address.
type PublicPreferences struct {
	Mode     PublicMode     `json:"mode,omitempty"`
	On       bool           `json:"on,omitempty"` // it was open, and is opened at the start
	Settings ngrok.Settings `json:"settings,omitzero"`
	URL      string         `json:"url,omitempty"` // of the person's own
}

func (k *PublicPreferences) mode() PublicMode {
	if k.Mode == PublicOwn {
		return PublicOwn
	}
	return PublicTunnel
}

// TunnelCredential is the name that the account's token is kept under.
const TunnelCredential = "ngrok.authtoken"

// TokenPage is where an account's token is found.
const TokenPage = "https://dashboard.ngrok.com/get-started/your-authtoken"

// LeavesMachine says what ngrok's SDK tells the service beside what is needed.
const LeavesMachine = "ngrok is told this machine's host name, the path of this program and its process number, as the origin of the tunnel; its SDK has no switch for that. " +
	"Callbacks go through ngrok's servers, which decrypt them."

// PublicForm is what a person chooses of the public address. All but the token
// is kept as it is typed.
type PublicForm struct {
	Token   Field // pasted, and not kept yet
	Domain  Field
	Policy  Field // the policy itself, or the path of a file
	Allow   Field // addresses of which a policy is to be made
	Proxy   Field
	Service Field // address of the tunnel's service
	CAFile  Field
	URL     Field // the person's own

	Source     string // where the token in force comes from, in a sentence
	SourceTone Tone
	HasToken   bool
	CanForget  bool // the token is kept by Hookglass

	public *PublicAddress
	open   bool // a dialog shows it
	asked  int  // of loadToken; the last one counts
}

func newPublicForm(p *PublicAddress) *PublicForm {
	f := &PublicForm{public: p}
	kept := &p.app.Preferences.Public
	s := &kept.Settings
	f.Token.Usual = "Paste your ngrok token"
	f.Domain = Field{Text: s.Domain, Usual: "your account's own"}
	f.Policy = Field{Text: s.Policy, Usual: "YAML or JSON, or the path of a file"}
	f.Allow.Usual = "192.0.2.7, 198.51.100.0/24"
	f.Proxy = Field{Text: s.Proxy, Usual: "socks5://host:port"}
	f.Service = Field{Text: s.Connect, Usual: "ngrok's own"}
	f.CAFile = Field{Text: s.CAFile, Usual: "path of a PEM file"}
	f.URL = Field{Text: kept.URL, Usual: "https://hooks.example.com"}
	for _, check := range []func(){f.checkDomain, f.checkPolicy, f.checkProxy, f.checkService, f.checkURL} {
		check()
	}
	return f
}

// Mode is the one that is chosen.
func (f *PublicForm) Mode() PublicMode { return f.public.app.Preferences.Public.mode() }

// SetMode chooses another mode. What is open stays until the next connection.
func (f *PublicForm) SetMode(mode PublicMode) {
	kept := &f.public.app.Preferences.Public
	if kept.mode() != mode {
		kept.Mode = mode
		f.changed()
	}
}

// changed keeps what was typed and has it drawn.
func (f *PublicForm) changed() {
	f.public.Problem = ""
	f.public.app.Settings.save()
	f.public.Changed.Emit()
}

// SetToken takes what was pasted: a token, or the line of a terminal that ngrok
// shows with it.
func (f *PublicForm) SetToken(text string) {
	f.Token.Text, f.Token.Problem = text, ""
	if token := ngrok.CleanToken(text); token != "" {
		if err := ngrok.CheckToken(token); err != nil {
			f.Token.Problem = sentence(err)
		}
	}
	f.public.Problem = ""
	f.public.Changed.Emit()
	f.public.app.Connect.Changed.Emit()
}

// pasted is the token that is to be kept, "" for none.
func (f *PublicForm) pasted() string {
	if f.Mode() == PublicOwn || f.Token.Problem != "" {
		return ""
	}
	return ngrok.CleanToken(f.Token.Text)
}

// SetDomain chooses the domain; "" is the account's own.
func (f *PublicForm) SetDomain(text string) {
	f.Domain.Text, f.public.settings().Domain = text, strings.TrimSpace(text)
	f.checkDomain()
	f.changed()
}

func (f *PublicForm) checkDomain() {
	f.Domain.Problem = problemOf(ngrok.Settings{Domain: strings.TrimSpace(f.Domain.Text)})
}

// SetPolicy chooses a traffic policy: its text, or the path of a file that is
// read with every connection.
func (f *PublicForm) SetPolicy(text string) {
	f.Policy.Text, f.public.settings().Policy = text, strings.TrimSpace(text)
	f.checkPolicy()
	f.changed()
}

// checkPolicy says what is wrong with a policy that is typed. One line is a
// path, unless it is JSON: it is read when it is wanted.
func (f *PublicForm) checkPolicy() {
	text := strings.TrimSpace(f.Policy.Text)
	f.Policy.Problem, f.Policy.Note = "", ""
	switch {
	case text == "":
	case !strings.Contains(text, "\n") && !strings.HasPrefix(text, "{"):
		f.Policy.Note = "This file is read with every connection."
	default:
		f.Policy.Problem = problemOf(ngrok.Settings{Policy: text})
	}
}

// SetAllow takes the addresses that alone may call.
func (f *PublicForm) SetAllow(text string) {
	f.Allow.Text, f.Allow.Problem = text, ""
	if list := addressList(text); len(list) > 0 {
		if _, err := ngrok.AllowPolicy(list); err != nil {
			f.Allow.Problem = sentence(err)
		}
	}
	f.public.Changed.Emit()
}

func addressList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t' })
}

// CanAllow reports whether a policy can be made of the addresses.
func (f *PublicForm) CanAllow() bool {
	return f.Allow.Problem == "" && len(addressList(f.Allow.Text)) > 0
}

// UseAllow makes the policy that lets only those addresses call. The one that
// was there comes back with the toast's button.
func (f *PublicForm) UseAllow() {
	if !f.CanAllow() {
		return
	}
	policy, err := ngrok.AllowPolicy(addressList(f.Allow.Text))
	if err != nil {
		f.Allow.Problem = sentence(err)
		f.public.Changed.Emit()
		return
	}
	before := f.Policy.Text
	f.Allow.Text = ""
	f.SetPolicy(policy)
	if strings.TrimSpace(before) != "" {
		f.public.app.Notices.Say(Plain, "The policy was replaced.", "Undo", func() { f.SetPolicy(before) })
	}
}

// SetProxy chooses a SOCKS5 proxy on the way to the tunnel's service.
func (f *PublicForm) SetProxy(text string) {
	f.Proxy.Text, f.public.settings().Proxy = text, strings.TrimSpace(text)
	f.checkProxy()
	f.changed()
}

func (f *PublicForm) checkProxy() {
	f.Proxy.Problem = problemOf(ngrok.Settings{Proxy: strings.TrimSpace(f.Proxy.Text)})
}

// SetService chooses the address of the tunnel's service.
func (f *PublicForm) SetService(text string) {
	f.Service.Text, f.public.settings().Connect = text, strings.TrimSpace(text)
	f.checkService()
	f.changed()
}

func (f *PublicForm) checkService() {
	f.Service.Problem = problemOf(ngrok.Settings{Connect: strings.TrimSpace(f.Service.Text)})
}

// SetCAFile chooses who may sign the service's certificate. The file is read
// with every connection.
func (f *PublicForm) SetCAFile(text string) {
	f.CAFile.Text, f.public.settings().CAFile = text, strings.TrimSpace(text)
	f.changed()
}

// SetURL takes the person's own address.
func (f *PublicForm) SetURL(text string) {
	f.URL.Text, f.public.app.Preferences.Public.URL = text, strings.TrimSpace(text)
	f.checkURL()
	f.changed()
}

func (f *PublicForm) checkURL() {
	text := strings.TrimSpace(f.URL.Text)
	f.URL.Problem, f.URL.Note = "", ""
	if text == "" {
		return
	}
	clean, err := ngrok.PublicURL(text)
	if err != nil {
		f.URL.Problem = sentence(err)
	} else if b := f.public.app.backend; b != nil && b.URL != "" {
		f.URL.Note = "Have " + clean + " lead to " + b.URL + " and keep the host name, or send it as X-Forwarded-Host."
	}
}

// ready reports whether what is chosen can be tried.
func (f *PublicForm) ready() bool {
	if f.Mode() == PublicOwn {
		return f.URL.Problem == "" && strings.TrimSpace(f.URL.Text) != ""
	}
	for _, field := range []*Field{&f.Token, &f.Domain, &f.Policy, &f.Proxy, &f.Service} {
		if field.Problem != "" {
			return false
		}
	}
	return true
}

func (p *PublicAddress) settings() *ngrok.Settings { return &p.app.Preferences.Public.Settings }

// problemOf says what is wrong with settings that name no file.
func problemOf(s ngrok.Settings) string {
	if err := s.Check(); err != nil {
		return sentence(err)
	}
	return ""
}

// leave forgets what was pasted.
func (f *PublicForm) leave() {
	f.Token.Text, f.Token.Problem = "", ""
	f.Allow.Text, f.Allow.Problem = "", ""
}

// loadToken asks where the token in force comes from.
func (f *PublicForm) loadToken() {
	b := f.public.app.backend
	if b == nil || b.TunnelToken == nil {
		return
	}
	f.asked++
	asked := f.asked
	f.public.app.run(func(ctx context.Context) func() {
		source, err := b.TunnelToken(ctx)
		return func() {
			if asked != f.asked {
				return
			}
			f.HasToken = source.From != ""
			f.CanForget = source.From == "keyring" || source.From == "file"
			f.Source, f.SourceTone = sourceWords(source), Good
			switch {
			case err != nil && f.HasToken: // another place could not be looked into
				f.Source, f.SourceTone = f.Source+" "+sentence(err), Warn
			case err != nil:
				f.Source, f.SourceTone = sentence(err), Bad
			case !f.HasToken:
				f.SourceTone = Warn
			}
			f.public.Changed.Emit()
			f.public.app.Connect.Changed.Emit()
		}
	})
}

// sourceWords say where a token comes from.
func sourceWords(s ngrok.TokenSource) string {
	switch s.From {
	case "":
		return "There is no token yet: paste the one of your account."
	case "keyring":
		return "Token from the keyring."
	case "file":
		return "Token from a file in the data folder that only you can read."
	case "environment":
		return "Token from " + orElse(s.Name, "NGROK_AUTHTOKEN") + " in the environment."
	case "ngrok.yml":
		return "Token from " + orElse(s.Name, "ngrok.yml") + "."
	}
	return "Token from " + s.From + "."
}

// Forget takes the kept token away; what is open stays open.
func (f *PublicForm) Forget() {
	p := f.public
	b := p.app.backend
	if b == nil || b.RemoveKey == nil || !f.CanForget {
		return
	}
	p.app.run(func(ctx context.Context) func() {
		err := b.RemoveKey(ctx, TunnelCredential, "")
		return func() {
			if err != nil {
				p.Problem = sentence(err)
			} else {
				p.app.Notices.Say(Good, "The token was forgotten. What is open stays open.", "", nil)
			}
			f.loadToken()
			p.Changed.Emit()
		}
	})
}

// GetToken opens the page where an account's token is found.
func (f *PublicForm) GetToken() { f.public.app.Connect.OpenSource(TokenPage) }
