package providers

import (
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
)

// claimant is a provider that claims a request whose body holds its ID.
func claimant(id string, confidence Confidence) *Provider {
	return &Provider{
		ID: id, Name: strings.ToUpper(id),
		Detect: func(c *Callback) Detection {
			if strings.Contains(string(c.Request.Body), id) {
				return Detection{confidence, "the body says " + id}
			}
			return Detection{}
		},
		Read: func(*Callback) Reading { return Reading{Event: id + ".happened", Summary: "Happened"} },
		Verify: func(_ *Callback, keys Keys) capture.Verification {
			if len(keys[id+".key"]) == 0 {
				return capture.Verification{Status: capture.KeyMissing, Reason: "no key"}
			}
			return capture.Verification{Status: capture.Valid, Reason: "It matches."}
		},
		Decode:   func(*Callback) capture.Decoding { return capture.Decoding{Title: id} },
		Accepted: func(*Callback) capture.Response { return Plain(capture.ByPreset, id) },
		Ladder:   func(*Callback, Keys) []capture.Try { return []capture.Try{{Reading: "rung of " + id}} },
	}
}

func request(body string) *capture.Request {
	return &capture.Request{Method: "POST", Target: "/x", Body: []byte(body), Size: int64(len(body))}
}

func TestIdentify(t *testing.T) {
	set := NewSet(claimant("low", Low), claimant("first", High), claimant("second", High), claimant("sure", Certain), claimant("medium", Medium))
	pin := func(id string) *capture.Endpoint { return &capture.Endpoint{Path: "/p", Provider: id} }
	for _, tt := range []struct {
		name, body string
		endpoint   *capture.Endpoint
		want       string
		confidence Confidence
		note       string
	}{
		{"the surest", "second medium", nil, "second", High, ""},
		{"the earlier of equals", "second first", nil, "first", High, ""},
		{"nobody", "nothing", nil, "", None, ""},
		{"low is nobody", "low", nil, "", Low, ""},
		{"an endpoint without a pin", "medium", pin(""), "medium", Medium, ""},
		{"pinned", "medium", pin("medium"), "medium", Certain, ""},
		{"pinned without a claim", "nothing", pin("first"), "first", Certain, ""},
		{"pinned against a sure claim", "sure", pin("first"), "first", Certain, "looks like SURE (certain: the body says sure)"},
		{"pinned against a medium claim", "medium", pin("first"), "first", Certain, ""},
		{"pinned, equally sure", "first second", pin("second"), "second", Certain, ""},
		{"pinned to nobody", "sure", pin("gone"), "sure", Certain, `pinned to "gone", which is no provider`},
		{"pinned to nobody, low", "low", pin("gone"), "", Low, `pinned to "gone", which is no provider`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, d, notes := set.Identify(NewCallback(request(tt.body), tt.endpoint, DecodeLimit))
			got := ""
			if p != nil {
				got = p.ID
			}
			if got != tt.want || d.Confidence != tt.confidence {
				t.Errorf("got %q with confidence %s, want %q with %s", got, d.Confidence, tt.want, tt.confidence)
			}
			if note := strings.Join(notes, "; "); tt.note == "" && note != "" || !strings.Contains(note, tt.note) {
				t.Errorf("notes %q, want %q", note, tt.note)
			}
		})
	}
}

func TestAnnotate(t *testing.T) {
	set := NewSet(claimant("shop", High))
	a := set.Annotate(request("shop"), nil)
	if a.Provider != "shop" || a.Event != "shop.happened" || a.Verification.Status != capture.KeyMissing || a.AtArrival != capture.KeyMissing {
		t.Errorf("got %+v", a)
	}
	set.SetKeys(Keys{"shop.key": {NewKey("shop.key", "", "v", false)}})
	if a := set.Annotate(request("shop"), nil); a.AtArrival != capture.Valid {
		t.Errorf("with a key: %q at arrival, want valid", a.AtArrival)
	}
	if a := set.Annotate(request("stranger"), nil); a.Provider != "" || a.Verification.Status != capture.Unprovable || a.Verification.Reason == "" {
		t.Errorf("an unknown sender: %+v", a)
	}
}

func TestAnnotateUsesThePinnedEventWhereNothingIsRead(t *testing.T) {
	p := claimant("shop", High)
	p.Read = func(*Callback) Reading { return Reading{} }
	set := NewSet(p)
	e := &capture.Endpoint{Path: "/p", Provider: "shop", Event: "order.split"}
	if got := set.Annotate(request(""), e).Event; got != "order.split" {
		t.Errorf("event %q, want order.split", got)
	}
}

func TestAnnotateBoundsWhatAStrangerWrites(t *testing.T) {
	p := claimant("shop", High)
	long := strings.Repeat("ü", 1<<20)
	p.Read = func(c *Callback) Reading {
		return Reading{Event: long, Summary: long, Order: long, Delivery: long + string(c.Request.Body)}
	}
	set := NewSet(p)
	a, b := set.Annotate(request("shop 1"), nil), set.Annotate(request("shop 2"), nil)
	for name, text := range map[string]string{"event": a.Event, "summary": a.Summary, "order": a.Order, "delivery": a.Delivery} {
		if len(text) > 400 || strings.ToValidUTF8(text, "?") != text {
			t.Errorf("%s: %d bytes, want at most 400 of good UTF-8", name, len(text))
		}
	}
	if a.Delivery == b.Delivery {
		t.Error("two long delivery keys became one")
	}
}

func TestPanic(t *testing.T) {
	crash := func() { var none []int; _ = none[len(none)] }
	for name, breakIt := range map[string]func(p *Provider){
		"detect": func(p *Provider) { p.Detect = func(*Callback) Detection { crash(); return Detection{} } },
		"read":   func(p *Provider) { p.Read = func(*Callback) Reading { crash(); return Reading{} } },
		"verify": func(p *Provider) { p.Verify = func(*Callback, Keys) (v capture.Verification) { crash(); return v } },
	} {
		t.Run(name, func(t *testing.T) {
			p := claimant("shop", High)
			breakIt(p)
			set := NewSet(p)
			a := set.Annotate(request("shop"), nil)
			if a.Verification.Status != capture.Malformed || a.AtArrival != capture.Malformed || !strings.Contains(a.Verification.Reason, "defect of ours") {
				t.Errorf("got %+v, want malformed", a.Verification)
			}
		})
	}
	t.Run("decode", func(t *testing.T) {
		p := claimant("shop", High)
		p.Decode = func(*Callback) capture.Decoding { crash(); return capture.Decoding{} }
		d := NewSet(p).Look(request("shop"), nil).Decoding
		if !strings.Contains(d.Error, "defect of ours") || d.Text != "shop" {
			t.Errorf("got error %q and text %q", d.Error, d.Text)
		}
	})
	t.Run("accepted", func(t *testing.T) {
		p := claimant("shop", High)
		p.Accepted = func(*Callback) capture.Response { crash(); return capture.Response{} }
		if got := NewSet(p).Accepted(request("shop"), nil); got.Status != 200 || got.By != capture.ByDefault {
			t.Errorf("answer %d by %q, want 200 by default", got.Status, got.By)
		}
	})
}

func TestAcceptedNeverReadsThePinnedBody(t *testing.T) {
	p := claimant("shop", High)
	p.Detect = func(*Callback) Detection { t.Error("Detect was asked"); return Detection{} }
	set := NewSet(p)
	if got := set.Accepted(request("shop"), &capture.Endpoint{Path: "/p", Provider: "shop"}); got.Preset != "shop" {
		t.Errorf("preset %q, want the provider's", got.Preset)
	}
}

func TestLook(t *testing.T) {
	set := NewSet(claimant("shop", High))
	look := set.Look(request("shop"), nil)
	if look.Decoding.Title != "shop" || len(look.Ladder) != 1 || look.Detection.Why != "the body says shop" {
		t.Errorf("got %+v", look)
	}
	set.SetKeys(Keys{"shop.key": {NewKey("shop.key", "", "v", false)}})
	if look := set.Look(request("shop"), nil); len(look.Ladder) != 0 {
		t.Errorf("a ladder for a proof that holds: %v", look.Ladder)
	}
	if look := set.Look(request("who?"), nil); look.Decoding.Text != "who?" || look.Annotation.Provider != "" {
		t.Errorf("an unknown sender: %+v", look)
	}
}

// TestTruncatedIsExplained: that a body is not whole explains a wrong signature
// over it, and nothing else.
func TestTruncatedIsExplained(t *testing.T) {
	const sentence = "The body is not whole here"
	for _, tt := range []struct {
		name   string
		status capture.Status
		signed string
		whole  bool
		want   bool
	}{
		{"a signature", capture.Invalid, "raw body, 7 bytes", false, true},
		{"a whole body", capture.Invalid, "raw body, 7 bytes", true, false},
		{"a token", capture.Invalid, "", false, false},
		{"a signed token", capture.Invalid, "the token alone", false, false},
		{"no key", capture.KeyMissing, "raw body, 7 bytes", false, false},
	} {
		p := claimant("shop", High)
		p.Verify = func(*Callback, Keys) capture.Verification {
			return capture.Verification{Status: tt.status, Signed: tt.signed, Reason: "Why."}
		}
		r := request("shop")
		r.Truncated = !tt.whole
		if got := NewSet(p).Annotate(r, nil).Verification.Reason; strings.Contains(got, sentence) != tt.want {
			t.Errorf("%s: reason %q", tt.name, got)
		}
	}
}

func TestAcceptedWithoutAnAnswerOfItsOwn(t *testing.T) {
	p := claimant("shop", High)
	p.Accepted = nil
	set := NewSet(p)
	if got := set.Accepted(request("shop"), nil); got.Status != 200 || string(got.Body) != "{}" || got.By != capture.ByPreset || got.Preset != "accepted" {
		t.Errorf("got %+v, want 200 {} as the provider's preset", got)
	}
	if got := set.Accepted(request("stranger"), nil); got.By != capture.ByDefault || string(got.Body) != "{}" {
		t.Errorf("an unknown sender: %+v", got)
	}
}

func TestLookListsSecretsOfEverySender(t *testing.T) {
	p := claimant("shop", High)
	p.Sensitive = Personal("", "name")
	set := NewSet(p)
	for body, personal := range map[string]bool{"shop": true, "stranger": false} {
		got := set.Look(request(body), nil).Decoding.Sensitive
		if !slices.Contains(got, capture.Sensitive{Path: "header Authorization", Secret: true}) || slices.Contains(got, capture.Sensitive{Path: "name"}) != personal {
			t.Errorf("%s: sensitive places %v", body, got)
		}
	}
}

func TestReverify(t *testing.T) {
	withKey := Keys{"shop.key": {NewKey("shop.key", "", "v", false)}}
	for _, tt := range []struct {
		name     string
		provider string
		old      capture.Status
		keys     Keys
		want     capture.Status
		reason   string
	}{
		{"a new key proves it", "shop", capture.KeyMissing, withKey, capture.Valid, "It matches."},
		{"a proof outlives its key", "shop", capture.Valid, Keys{}, capture.Valid, "old" + rotated},
		{"a weak proof too", "shop", capture.WeakKey, Keys{}, capture.WeakKey, "old" + rotated},
		{"a weak proof becomes a good one", "shop", capture.WeakKey, withKey, capture.Valid, "It matches."},
		{"no proof, no key", "shop", capture.Invalid, Keys{}, capture.KeyMissing, "no key"},
		{"the proof was another provider's", "other", capture.Valid, Keys{}, capture.KeyMissing, "no key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := NewSet(claimant("shop", High))
			set.SetKeys(tt.keys)
			x := &capture.Exchange{Request: *request("shop"), Annotation: capture.Annotation{
				Provider: tt.provider, Attempt: 3, AtArrival: capture.Unsigned,
				Verification: capture.Verification{Status: tt.old, Reason: "old"},
			}}
			for range 2 { // the second time must not say it twice
				x.Annotation = set.Reverify(x, nil)
			}
			got := x.Annotation
			if got.Verification.Status != tt.want || got.Verification.Reason != tt.reason {
				t.Errorf("got %q, %q; want %q, %q", got.Verification.Status, got.Verification.Reason, tt.want, tt.reason)
			}
			if got.Attempt != 3 || got.AtArrival != capture.Unsigned {
				t.Errorf("attempt %d, at arrival %q; want both kept", got.Attempt, got.AtArrival)
			}
		})
	}
}

func TestFindAndCredential(t *testing.T) {
	p := claimant("shop", High)
	p.Credentials = []Credential{{Name: "shop.key"}}
	p.Endpoints = []capture.Endpoint{{Path: "/shop/*", Provider: "shop"}}
	set := NewSet(claimant("other", High), p)
	if set.Find("shop") != p || set.Find("none") != nil {
		t.Error("Find is wrong")
	}
	if owner, c := set.Credential("shop.key"); owner != p || c != &p.Credentials[0] {
		t.Errorf("Credential gives %v, %v", owner, c)
	}
	if owner, c := set.Credential("shop.none"); owner != nil || c != nil {
		t.Errorf("an unknown credential gives %v, %v", owner, c)
	}
	if got := set.Endpoints(); len(got) != 1 || got[0].Path != "/shop/*" {
		t.Errorf("endpoints %v", got)
	}
}

func TestSensitiveOfAProvider(t *testing.T) {
	p := &Provider{ID: "a", Sensitive: slices.Concat(Personal("", "name"), Secrets("?hook"))}
	set := NewSet(p)
	general := capture.Sensitive{Path: "header Authorization", Secret: true}
	for _, c := range []struct {
		provider string
		own      bool
	}{{"a", true}, {"", false}, {"unknown", false}} {
		got := set.Sensitive(c.provider)
		if slices.Contains(got, capture.Sensitive{Path: "name"}) != c.own || slices.Contains(got, capture.Sensitive{Path: "?hook", Secret: true}) != c.own {
			t.Errorf("%q: its own places are in %v: %v", c.provider, got, !c.own)
		}
		if !slices.Contains(got, general) {
			t.Errorf("%q: %v lacks what holds for any sender", c.provider, got)
		}
		if again := set.Sensitive(c.provider); &again[0] != &got[0] {
			t.Errorf("%q: the list is made anew each time", c.provider)
		}
	}
}
