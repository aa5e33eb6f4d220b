package all

import (
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers"
)

// stranger is what the fuzz targets start from: every fixture with every choice
// of endpoint, and all keys of all fixtures.
type stranger struct {
	set       *providers.Set
	endpoints capture.Endpoints
	keys      providers.Keys
	secrets   []string
}

func seed(f *testing.F) *stranger {
	f.Helper()
	set := NewSet()
	s := &stranger{set: set, endpoints: set.Endpoints(), keys: providers.Keys{}}
	for _, p := range set.All() {
		for _, x := range readFixtures(f, set, p.ID) {
			f.Add(x.raw, uint8(0))
			if i := slices.IndexFunc(s.endpoints, func(e capture.Endpoint) bool { return x.endpoint != nil && e == *x.endpoint }); i >= 0 {
				f.Add(x.raw, uint8(i+1))
			}
			for name, keys := range x.keys {
				s.keys[name] = append(s.keys[name], keys...)
			}
			s.secrets = append(s.secrets, x.secrets...)
		}
	}
	return s
}

// callback makes a callback of fuzzed bytes, or nil where they are no request.
// Endpoint 0 is none.
func (s *stranger) callback(raw []byte, endpoint uint8) *providers.Callback {
	r, err := capture.ReadRequest(raw)
	if err != nil {
		return nil
	}
	var e *capture.Endpoint
	if i := int(endpoint) % (len(s.endpoints) + 1); i > 0 {
		e = &s.endpoints[i-1]
	}
	return providers.NewCallback(&r, e, providers.DecodeLimit)
}

// each makes a fuzz function of one that asks about a callback.
func (s *stranger) each(ask func(t *testing.T, c *providers.Callback)) func(t *testing.T, raw []byte, endpoint uint8) {
	return func(t *testing.T, raw []byte, endpoint uint8) {
		if c := s.callback(raw, endpoint); c != nil {
			ask(t, c)
		}
	}
}

func FuzzDetect(f *testing.F) {
	s := seed(f)
	f.Fuzz(s.each(func(t *testing.T, c *providers.Callback) {
		for _, p := range s.set.All() {
			d := p.Detect(c)
			if d.Confidence < providers.None || d.Confidence > providers.Certain || (d.Confidence > providers.None) != (d.Why != "") {
				t.Errorf("%s: %+v", p.ID, d)
			}
		}
		if answer := s.set.Accepted(c.Request, c.Endpoint); answer.Status != 200 {
			t.Errorf("accepted with %d", answer.Status)
		}
	}))
}

func FuzzVerify(f *testing.F) {
	s := seed(f)
	f.Fuzz(s.each(func(t *testing.T, c *providers.Callback) {
		for _, p := range s.set.All() {
			v := p.Verify(c, s.keys)
			if !slices.Contains(capture.Statuses, v.Status) || v.Reason == "" {
				t.Errorf("%s: status %q, reason %q", p.ID, v.Status, v.Reason)
			}
			if without := p.Verify(c, providers.Keys{}); without.Status.Proven() {
				t.Errorf("%s: %s without a key", p.ID, without.Status)
			}
			if p.Ladder == nil || v.Status.Proven() {
				continue
			}
			for _, try := range p.Ladder(c, s.keys) {
				if try.Reading == "" || try.Matches && try.Meaning == "" {
					t.Errorf("%s: %+v", p.ID, try)
				}
			}
		}
	}))
}

func FuzzDecode(f *testing.F) {
	s := seed(f)
	f.Fuzz(s.each(func(t *testing.T, c *providers.Callback) {
		_, err := c.JSON()
		for _, p := range s.set.All() {
			if r := p.Read(c); strings.TrimSpace(r.Summary) == "" && p.Detect(c).Confidence > providers.Low {
				t.Errorf("%s: no summary", p.ID)
			}
			d := p.Decode(c)
			if d.Error != "" && err == nil && c.Object().Exists() {
				t.Errorf("%s: an object in good JSON is not decoded: %s", p.ID, d.Error)
			}
			if root := c.Object(); len(c.Request.Body) < 1000 && len(hidden(root, &d)) > 0 { // larger ones may exceed what is laid out
				t.Errorf("%s: neither laid out nor listed: %q", p.ID, hidden(root, &d))
			}
			for _, place := range d.Sensitive {
				if place.Path == "" {
					t.Errorf("%s: a sensitive place without a path", p.ID)
				}
			}
		}
	}))
}
