package main_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"hash/maphash"
	"html"
	"io"
	"mime/multipart"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// canary is a value that must not leave; a personal one with the profile personal,
// the others with secrets too.
type canary struct {
	where    string
	text     string
	personal bool
}

var canaries = []canary{
	{"bearer token", "sk_live_bearerC01zz", false},
	{"basic password", "Bas1cPassw0rdC02", false},
	{"cookie", "ck_C03value991", false},
	{"query", "qrtok_C04_77aa", false},
	{"query, percent-encoded", "enc/C05=88bb", false},
	{"JSON", "jsk_C06_12cd", false},
	{"JSON in a JSON string", "nst_C07_34ef", false},
	{"base64 of JSON", "b64_C08_56gh", false},
	{"form", "frm C09&78ij", false},
	{"multipart", "mpt_C10_90kl", false},
	{"answer's body", "ans_C12_11mn", false},
	{"answer's header", "anh_C13_22op", false},
	{"gzip", "gz_C14_33qr", false},
	{"a forward's target", "fwd_C15_44st", false},
	{"configured", kornitxKey, false},
	{"JSON, escaped", "uni_Ć16_55uv", false},
	{"trailer", "trl_C17_66wx", false},
	{"Mintsoft's query", "mapi_C18_77yz", false},
	{"Komet's header", "ktok_C19_88ab", false},
	{"a refused head", "ref_C20_99cd", false},
	{"XML", "xml_C21_00ef", false},
	{"base64 in a header", "b6h_C22_11gh", false},
	{"deflate", "dfl_C23_22ij", false},

	{"e-mail", "mail.person@canary.example", true},
	{"e-mail in gzip", "gzip.person@canary.example", true},
	{"e-mail in text", "text.person@canary.example", true},
	{"phone", "+37061234987", true},
	{"name", "Zebulonia", true},
	{"file name", "Quimbleton", true},
	{"street", "17 Canarystrasse", true},
	{"postcode in a link", "CB219XY", true},
	{"e-mail in a JWT", "jwt.person@canary.example", true},
	{"form's e-mail", "form.person@canary.example", true},
	{"path, percent-encoded", "path.person@canary.example", true},
	{"Klix's client", "klix.person@canary.example", true},
}

// seedCanaries captures callbacks with a canary in every place where bytes hide.
func seedCanaries(t *testing.T, p *program) {
	t.Helper()
	mustCtl(t, p.dir, []byte(kornitxKey+"\n"), "secret", "set", "kornitx.api_key")
	addRule(t, p.dir, "fixed", "--filter", "path:/answered", "--status", "200", "--header", "X-Api-Key: anh_C13_22op",
		"--header", "Content-Type: application/json", "--body", `{"token":"ans_C12_11mn"}`, "--name", "for mail.person@canary.example")
	var config net.ListenConfig
	nobody, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close() // the app is down, and the error names it
	addRule(t, p.dir, "forward", "--to", "http://"+nobody.Addr().String()+"/app?token=fwd_C15_44st", "--filter", "path:/forwarded")
	b64 := base64.StdEncoding.EncodeToString
	jwt := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1","email":"jwt.person@canary.example"}`)) + ".c2lnbmF0dXJl"
	var packed, parts bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	_, _ = zipped.Write([]byte(`{"password":"gz_C14_33qr","email":"gzip.person@canary.example"}`))
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	form := multipart.NewWriter(&parts)
	_ = form.WriteField("access_token", "mpt_C10_90kl")
	file, _ := form.CreateFormFile("invoice", "Rosalind Quimbleton.pdf")
	_, _ = file.Write([]byte("of text.person@canary.example"))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	var deflated bytes.Buffer
	packer := zlib.NewWriter(&deflated)
	_, _ = packer.Write([]byte(`{"password":"dfl_C23_22ij"}`))
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []callback{
		{"POST", "/mintsoft/despatched?APIKEY=mapi_C18_77yz", []string{asJSON}, []byte(`{"OrderId":1,"note":"mapi_C18_77yz"}`)},
		{"POST", "/komet/confirm", []string{asJSON, "authenticationToken: ktok_C19_88ab"}, []byte(`{"companyId":1,"orderId":2}`)},
		{"POST", "/xml", []string{"Content-Type: application/xml", "X-Data: " + b64([]byte(`{"api_key":"b6h_C22_11gh"}`))}, []byte("<a><password>xml_C21_00ef</password></a>")},
		{"POST", "/deflate", []string{asJSON, "Content-Encoding: deflate"}, deflated.Bytes()},
		{"GET", "/users/path.person%40canary.example/x", nil, nil},
		{"PUT", "/klix/purchases", []string{asJSON}, []byte(`{"id":"1","event_type":"purchase.paid","client":{"email":"klix.person@canary.example"},"status":"paid"}`)},
		{
			"POST", "/a?token=qrtok_C04_77aa&api_key=enc%2FC05%3D88bb",
			[]string{asJSON, "Authorization: Bearer sk_live_bearerC01zz", "Cookie: session=ck_C03value991"},
			[]byte(`{"api_key":"jsk_C06_12cd","customer":{"email":"mail.person@canary.example","phone":"+37061234987","first_name":"Zebulonia",` +
				`"full_name":"Rosalind Quimbleton","street":"17 Canarystrasse"},"tracking_url":"https://track.example/x?postcode=CB219XY"}`),
		},
		{
			"POST", "/hooks/" + kornitxKey + "/b",
			[]string{asJSON, "Authorization: Basic " + b64([]byte("shopuser7731:Bas1cPassw0rdC02"))},
			[]byte(`{"payload":"{\"client_secret\":\"nst_C07_34ef\",\"again\":\"jsk_C06_12cd\"}","data":"` + b64([]byte(`{"password":"b64_C08_56gh"}`)) +
				`","secret":"uni_\u010616_55uv","link":"https://a.example/?q=jsk_C06_12cd"}`),
		},
		{"POST", "/form", []string{"Content-Type: application/x-www-form-urlencoded"}, []byte("password=frm+C09%2678ij&email=form.person%40canary.example")},
		{"POST", "/multipart", []string{"Content-Type: " + form.FormDataContentType()}, parts.Bytes()},
		{"POST", "/gzip", []string{asJSON, "Content-Encoding: gzip"}, packed.Bytes()},
		{"POST", "/jwt", []string{asJSON}, []byte(`{"assertion":"` + jwt + `"}`)},
		{"POST", "/text", []string{"Content-Type: text/plain"}, []byte("write to text.person@canary.example of Zebulonia; uni_Ć16_55uv")},
		{"POST", "/answered", []string{asJSON}, []byte(`{}`)},
		{"POST", "/forwarded", []string{asJSON}, []byte(`{"echo":"sk_live_bearerC01zz"}`)},
	} {
		p.send(t, c)
	}
	p.sendRaw(t, []byte("POST /trailer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Api-Token\r\n\r\n0\r\nX-Api-Token: trl_C17_66wx\r\n\r\n"))
	p.sendRaw(t, []byte("GET /no-host HTTP/1.1\r\nAuthorization: Bearer ref_C20_99cd\r\n\r\n"))
	settled(t, p.dir, 17)
	mustCtl(t, p.dir, nil, "note", "3", "he said sk_live_bearerC01zz and mail.person@canary.example")
	mustCtl(t, p.dir, nil, "session", "note", "1", "key "+kornitxKey+" of Zebulonia")
	mustCtl(t, p.dir, nil, "session", "rename", "1", "For mail.person@canary.example")
}

// TestNothingLeaks exports what holds canaries in every format with every profile.
func TestNothingLeaks(t *testing.T) {
	p := serve(t, t.TempDir())
	seedCanaries(t, p)
	out := t.TempDir()
	for _, format := range []string{"bundle", "har", "html", "jsonl", "csv", "curl", "raw", "md"} {
		for _, profile := range []string{"none", "secrets", "personal"} {
			name := filepath.Join(out, format+"-"+profile)
			_, said, code := ctl(t, p.dir, nil, "export", "--format", format, "--redact", profile, "--rules", "--keyed",
				"--note", "call +37061234987", "--sharer", "mail.person@canary.example", "-o", name)
			if code != 0 {
				t.Fatalf("%s, %s: exit %d: %s", format, profile, code, said)
			}
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var s sniffer
			s.look(content, 0)
			for _, c := range canaries {
				covered := profile == "personal" || profile == "secrets" && !c.personal
				found := s.has(c.text)
				if covered && found {
					t.Errorf("%s, %s: %s is still there: %q", format, profile, c.where, c.text)
				}
				if profile == "none" && format == "bundle" && !found && c.where != "a forward's target" { // no target leaves
					t.Errorf("%s, %s: %s is not there: %q: this test looks at nothing", format, profile, c.where, c.text)
				}
			}
		}
	}
}

// TestCustomProfile takes out what only a person can name, and nothing else.
func TestCustomProfile(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{
		"POST", "/x?password=stays7711",
		[]string{asJSON, "X-Shop: shop-custom-772"},
		[]byte(`{"order":{"ref":"ref-custom-771"},"text":"of shop-custom-772 and INV-77312"}`),
	})
	settled(t, p.dir, 1)
	for _, format := range []string{"bundle", "har", "html", "jsonl", "curl", "raw", "md"} {
		var s sniffer
		name := exportTo(t, p.dir, "custom", "--format", format, "--redact", `none,path:$.order.ref,header:X-Shop,regex:INV-[0-9]+`)
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s.look(content, 0)
		for word, want := range map[string]bool{"stays7711": true, "ref-custom-771": false, "shop-custom-772": false, "INV-77312": false, "INV-[0-9]": false} {
			if s.has(word) != want {
				t.Errorf("%s: %s is there: %v, want %v", format, word, !want, want)
			}
		}
	}
}

// sniffer reads a file in every form that it can have.
type sniffer struct {
	texts []string
	seen  map[uint64]bool
	seed  maphash.Seed
}

func (s *sniffer) has(word string) bool {
	for _, text := range s.texts {
		if strings.Contains(text, strings.ToLower(word)) {
			return true
		}
	}
	return false
}

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)

func (s *sniffer) look(data []byte, depth int) {
	if s.seen == nil {
		s.seen, s.seed = map[uint64]bool{}, maphash.MakeSeed()
	}
	sum := maphash.Bytes(s.seed, data)
	if depth > 6 || len(data) == 0 || s.seen[sum] {
		return
	}
	s.seen[sum] = true
	s.texts = append(s.texts, strings.ToLower(string(data)))
	if files, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		for _, f := range files.File {
			s.look([]byte(f.Name+f.Comment), depth+1)
			if in, err := f.Open(); err == nil {
				content, _ := io.ReadAll(in)
				s.look(content, depth+1)
			}
		}
		return
	}
	if in, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
		content, _ := io.ReadAll(in)
		s.look(content, depth+1)
	}
	if packed := bytes.Index(data, []byte{0x1f, 0x8b, 8}); packed >= 0 {
		if in, err := gzip.NewReader(bytes.NewReader(data[packed:])); err == nil {
			content, _ := io.ReadAll(in)
			s.look(content, depth+1)
		}
	}
	text := string(data)
	for _, other := range []string{html.UnescapeString(text), unpercent(text, false), unpercent(text, true), unslash(text)} {
		if other != text {
			s.look([]byte(other), depth+1)
		}
	}
	for _, run := range base64Run.FindAllString(text, -1) {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if decoded, err := encoding.DecodeString(run[:len(run)-len(run)%4]); err == nil {
				s.look(decoded, max(depth+1, 4))
			}
			if decoded, err := encoding.DecodeString(run); err == nil {
				s.look(decoded, max(depth+1, 4))
			}
		}
	}
}

// unpercent resolves %XX wherever it stands.
func unpercent(text string, plus bool) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if n, err := strconv.ParseUint(text[min(i+1, len(text)):min(i+3, len(text))], 16, 8); text[i] == '%' && err == nil && i+2 < len(text) {
			b.WriteByte(byte(n))
			i += 2
		} else if plus && text[i] == '+' {
			b.WriteByte(' ')
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

var escapes = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|["\\/'])`)

// unslash resolves the escapes of JSON wherever they stand.
func unslash(text string) string {
	return escapes.ReplaceAllStringFunc(text, func(escape string) string {
		if n, err := strconv.ParseUint(escape[2:], 16, 32); escape[1] == 'u' && err == nil {
			return fmt.Sprintf("%c", rune(n))
		}
		return escape[1:]
	})
}
