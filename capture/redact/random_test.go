package redact_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/capture/redact"
)

// dice makes shares in which a few secrets stand where they are known and, however
// written, where they are not, with the same bodies many times over.
type dice struct {
	*rand.Rand
	places []string
	forms  []string
	leak   map[string]func(string) *capture.Exchange
}

func newDice(seed uint64) *dice {
	leak := leakers()
	return &dice{
		Rand: rand.New(rand.NewPCG(17, seed)), leak: leak,
		places: slices.Sorted(maps.Keys(leak)), forms: slices.Sorted(maps.Keys(forms)),
	}
}

func pick[T any](d *dice, all ...T) T { return all[d.IntN(len(all))] }

// secret is a new value, at times one that begins as another does.
func (d *dice) secret(others []string) string {
	letters := pick(d, "abcdefghKLMNOP0123456789", "abcXYZ0189-_", "aB7.~+/=", "abcŽé789 ", "01234567899a")
	all := []rune(letters)
	n := pick(d, 7, 8, 9, 11, 12, 13, 15, 16, 20, 36, 61, 62, 63, 64, 65, 100, 300, 1023, 1025, 1100)
	var b strings.Builder
	if len(others) > 0 && d.IntN(3) == 0 {
		b.WriteString(pick(d, others...))
		b.WriteString("x")
	}
	b.WriteString("q" + strconv.Itoa(d.IntN(90)+10))
	for range n - 5 {
		b.WriteRune(all[d.IntN(len(all))])
	}
	b.WriteString("7z")
	return b.String()
}

// personal is new personal data, and the name that it stands under.
func (d *dice) personal() (s, name string) {
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(pick(d, "ba", "ke", "lin", "žu", "ro", "ņa", "st", "é"))
		}
		return b.String()
	}
	switch d.IntN(4) {
	case 0:
		return "Z" + word(3) + " " + pick(d, "K", "Ž") + word(3+d.IntN(30)), pick(d, "full_name", "recipientName")
	case 1:
		return fmt.Sprintf("z%d.%d@shop-%d.example", d.IntN(9000), d.IntN(9000), d.IntN(900)), pick(d, "email", "customer_email")
	case 2:
		return fmt.Sprintf("+371 2%d %03d %03d", d.IntN(10), d.IntN(1000), d.IntN(1000)), pick(d, "phone", "mobile")
	default:
		return fmt.Sprintf("%s iela %d/%d", "K"+word(4), 10+d.IntN(90), 10+d.IntN(90)), pick(d, "address1", "shipping_street")
	}
}

// teach is an exchange in which a secret stands where it is known.
func (d *dice) teach(id int64, s string) *capture.Exchange {
	js := `{"a":"b","` + pick(d, "password", "api_token", "client\\u005fsecret", "Access-Token") + `":"` + quoted(s) + `","status":"paid"}`
	switch d.IntN(8) {
	case 0:
		return exchange(id, "/in?"+pick(d, "token", "key", "APIKEY")+"="+url.QueryEscape(s), nil, nil)
	case 1:
		return exchange(id, "/in", capture.Fields{{Name: pick(d, "Authorization", "X-Api-Key", "Cookie2-Token"), Value: pick(d, "Bearer ", "Token ") + s}}, nil)
	case 2:
		return exchange(id, "/in", typed("application/x-www-form-urlencoded"), []byte("a=1&password="+url.QueryEscape(s)))
	case 3:
		return exchange(id, "/in", append(typed("application/json"), capture.Field{Name: "Content-Encoding", Value: "gzip"}), gzipped([]byte(js)))
	case 4:
		x := exchange(id, "/in", nil, nil)
		x.Response = &capture.Response{Body: []byte(js), Header: typed("application/json")}
		return x
	case 5:
		return exchange(id, "/in", typed("application/json"), []byte(`{"payload":"`+quoted(js)+`"}`))
	default:
		return exchange(id, "/in", typed("application/json"), []byte(js))
	}
}

// hide is an exchange in which a secret stands where nothing tells it.
func (d *dice) hide(id int64, s string) *capture.Exchange {
	text := forms[pick(d, d.forms...)](s)
	if d.IntN(3) == 0 { // long texts are remembered by themselves
		text = strings.Repeat("lorem ipsum ", 11+d.IntN(9)) + " " + text
	}
	x := d.leak[pick(d, d.places...)](text)
	x.ID = id
	return x
}

// share makes a share; known are the secrets that are configured.
func (d *dice) share(personal bool) (all []*capture.Exchange, secrets, known []string) {
	for range 1 + d.IntN(4) {
		if personal && d.IntN(2) == 0 {
			s, name := d.personal()
			secrets = append(secrets, s)
			all = append(all, exchange(0, "/in", typed("application/json"), []byte(`{"id":1,"`+name+`":"`+quoted(s)+`","items":[]}`)))
			for range 1 + d.IntN(5) {
				all = append(all, d.hide(0, s))
			}
			continue
		}
		s := d.secret(nil)
		if d.IntN(2) == 0 {
			s = d.secret(secrets)
		}
		secrets = append(secrets, s)
		if d.IntN(6) == 0 {
			known = append(known, s)
		} else {
			all = append(all, d.teach(0, s))
		}
		for range 1 + d.IntN(5) {
			all = append(all, d.hide(0, s))
		}
	}
	for range d.IntN(12) { // the same again, and its parts in other places
		x := *pick(d, all...)
		other := pick(d, all...)
		switch d.IntN(6) {
		case 0:
			x.Response = &capture.Response{Body: other.Request.Body, Header: other.Request.Header}
		case 1:
			x.Request.Body = other.Request.Body
			x.Request.Header = slices.DeleteFunc(slices.Clone(x.Request.Header), func(f capture.Field) bool { return f.Name == "Content-Encoding" })
			x.Request.Header = append(x.Request.Header, pick(d, typed("text/plain"), typed("application/json"), typed("text/xml"), nil)...)
			x.Request.Head = headBytes(&x.Request)
		case 2:
			if capture.Visible(string(other.Request.Body)) == string(other.Request.Body) { // a note is a text
				x.Note = string(other.Request.Body)
			}
		case 3:
			if len(other.Request.Header) > 0 {
				x.Request.Trailers = other.Request.Header
			}
		}
		all = append(all, &x)
	}
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i, x := range all {
		y := *x
		y.ID = int64(i + 1)
		all[i] = &y
	}
	return all, secrets, known
}

// TestRandomShares makes shares by chance. What is remembered of one exchange changes
// nothing of another, who wants no list of changes gets the same, and no secret leaves.
// With HOOKGLASS_LEAK_ALL=1 it is a minute or two.
func TestRandomShares(t *testing.T) {
	t.Parallel()
	rounds := 10
	if os.Getenv("HOOKGLASS_LEAK_ALL") != "" {
		rounds = 1000
	}
	first := uint64(0)
	if text := os.Getenv("HOOKGLASS_LEAK_SEED"); text != "" {
		first, _ = strconv.ParseUint(text, 10, 64)
		rounds = 1
	}
	for round := range uint64(rounds) {
		checkShare(t, first+round)
	}
}

func checkShare(t *testing.T, seed uint64) {
	t.Helper()
	d := newDice(seed)
	profile := pick(d, "secrets", "personal", "secrets,header:X-Nothing,regex:NOTHING-[0-9]+")
	all, secrets, known := d.share(profile == "personal")
	remembers, forgets := redactor(t, profile, known...), redactor(t, profile, known...)
	var sources []redact.Source
	for _, x := range all {
		s := redact.Source{Exchange: x}
		if d.IntN(3) > 0 {
			s.Sensitive = seedPlaces
		}
		sources = append(sources, s)
	}
	learned := d.IntN(4) > 0 // whole; else some come as a surprise
	for i, s := range sources {
		if !learned && d.IntN(3) == 0 {
			continue
		}
		remembers.Learn(s)
		forgets.Forget()
		forgets.Learn(s)
		if body := string(s.Exchange.Request.Body); i%3 == 0 {
			rule := capture.Rule{Name: body, Params: capture.RuleParams{Answer: capture.RuleAnswer{Body: body, Header: s.Exchange.Request.Header}}}
			remembers.LearnRule(rule)
			forgets.LearnRule(rule)
		}
	}
	for i, s := range sources {
		if text := string(pick(d, sources...).Exchange.Request.Body); i%5 == 0 {
			forgets.Forget()
			want, _ := forgets.Text("note", text)
			if got, _ := remembers.Text("note", text); got != want {
				t.Errorf("seed %d: what is remembered changes a note %q\nto %q", seed, want, got)
			}
		}
		forgets.Forget()
		want, changes := apply(t, forgets, s)
		got, changed, err := remembers.Replace(s)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) || changed != (len(changes) > 0) {
			t.Errorf("seed %d, callback %d: what is remembered changes %s\nto %s", seed, i, everything(want), everything(got))
		}
		for _, secret := range secrets {
			if !learned {
				break
			}
			if long := []rune(secret); len(long) > 40 { // its end is enough
				secret = string(long[len(long)-20:])
			}
			if f := found(everything(got), secret, 3); f != "" {
				t.Errorf("seed %d, %s: callback %d leaves with %q: %q\nit was %s", seed, profile, i, secret, f, everything(s.Exchange))
			}
		}
	}
	if got, want := fmt.Sprint(remembers.Replaced()), fmt.Sprint(forgets.Replaced()); got != want {
		t.Errorf("seed %d: counted %s, want %s", seed, got, want)
	}
}

// TestRowsOfProviders holds what is remembered of callbacks of all providers, with
// places of their own, against who forgets.
func TestRowsOfProviders(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"secrets", "personal"} {
		row := providerRows()
		var sources []redact.Source
		for n := range 400 {
			s := row(n % 250)
			if n%5 == 0 { // places of another
				s.Sensitive = row(n + 7).Sensitive
			}
			sources = append(sources, s)
		}
		remembers, forgets := redactor(t, profile), redactor(t, profile)
		for _, s := range sources {
			remembers.Learn(s)
			forgets.Forget()
			forgets.Learn(s)
		}
		for i, s := range sources {
			forgets.Forget()
			want, _ := apply(t, forgets, s)
			got, _, err := remembers.Replace(s)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, callback %d (%v): what is remembered changes %s\nto %s", profile, i, err, everything(want), everything(got))
			}
		}
	}
}
