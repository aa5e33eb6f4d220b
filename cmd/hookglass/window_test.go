//go:build linux

package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/store"
)

const (
	kornitxKey  = "0123456789ABCDEF0123456789A"
	kornitxBody = `{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","status":8,"status_name":"Dispatched","shipping_carrier":"Hermes","new_shipments":[],"new_cancellations":[]}`
	kometBody   = `{ "companyId":6316, "orderId":6908 }`
)

// TestWindow goes through a day with Hookglass: callbacks come in, are looked
// at, proven, answered otherwise and sent again, and all is there tomorrow.
func TestWindow(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.looks("empty")

	mac := hmac.New(sha256.New, []byte(kornitxKey))
	_, _ = mac.Write([]byte(kornitxBody)) // never fails
	d.send("PUT", "/kornitx/orders", "application/json", kornitxBody, "X-CustomGateway-Hmac", hex.EncodeToString(mac.Sum(nil)))
	if _, answer := d.send("POST", "/komet/confirm", "application/JSON", kometBody); !strings.Contains(answer, `"status":"1"`) {
		t.Errorf("Komet was answered %s", answer)
	}
	d.send("POST", "/hooks/unknown", "text/plain", "hello")
	d.untilStored("three callbacks", store.Query{}, func(list []capture.Exchange) bool {
		return len(list) == 3 && list[0].State == capture.StateAnswered && list[2].Annotation.Provider == "kornitx"
	})
	d.looks("list")

	// Select the oldest, read its proof: the key is missing. Add it.
	d.click(350, 312)
	d.looks("title")
	d.key("4")
	d.looks("proof-missing")
	d.palette("add a key")
	d.write(kornitxKey)
	d.key("Return")
	d.looks("proof-tried")
	d.key("Return")
	d.untilStored("the verdict changes", store.Query{Limit: 3}, func(list []capture.Exchange) bool {
		v := list[2].Annotation
		return v.Verification.Status == capture.Valid && v.AtArrival == capture.KeyMissing
	})
	d.looks("proof-valid")

	d.tabs()
	d.copies()
	d.answers()
	d.resends()
	d.pauses()

	before := d.stored(store.Query{})
	d.quit(true)
	d.start()
	d.untilStored("all is there again", store.Query{}, func(list []capture.Exchange) bool { return len(list) == len(before) })
	d.looks("back")
	d.key("shift+g")
	d.key("4")
	d.looks("again")
	d.quit(false)
	d.quiet()
}

// palette runs a command by its words.
func (d *desk) palette(words string) {
	d.Helper()
	d.key("ctrl+k")
	d.shows("palette")
	d.write(words)
	d.settle()
	d.key("Return")
}

// tabs turns through the tabs and finds a word in the body.
func (d *desk) tabs() {
	d.Helper()
	for _, tab := range []struct{ key, name string }{{"1", "overview"}, {"3", "headers"}, {"6", "raw"}} {
		d.key(tab.key)
		d.looks("tab-" + tab.name)
	}
	d.key("2")
	d.looks("tab-body")
	d.key("ctrl+f")
	d.write("Hermes")
	d.looks("found")
	d.key("Escape", "Escape") // clears the field, then leaves it
}

// copies copies the callback as a curl command, runs it, and compares what came
// with what was captured.
func (d *desk) copies() {
	d.Helper()
	d.key("g")
	d.settle()
	d.key("shift+g")
	d.settle()
	d.key("c")
	var command string
	d.until("the command is on the clipboard", func() bool {
		command = d.clipboard()
		return strings.HasPrefix(command, "curl ")
	})
	if out, err := d.command("sh", "-c", command).CombinedOutput(); err != nil {
		d.Fatalf("the copied command fails: %v\n%s\n%s", err, out, command)
	}
	d.untilStored("the copied command has sent the same", store.Query{}, func(list []capture.Exchange) bool {
		return len(list) == 4 && list[0].Annotation.Verification.Status == capture.Valid && list[0].Annotation.Attempt == 2
	})
}

// answers has Komet be told of an error, and takes that back.
func (d *desk) answers() {
	d.Helper()
	d.key("slash")
	d.write("komet")
	d.key("Return")
	d.settle()
	d.key("g", "5")
	d.looks("answer")
	d.key("a")
	d.shows("answers")
	d.write("error")
	d.settle()
	d.key("Return")
	d.settle()
	d.write("Out of stock")
	d.key("Return")
	d.until("Komet is answered an error", func() bool {
		_, answer := d.send("POST", "/komet/confirm", "application/JSON", kometBody)
		return strings.Contains(answer, `"status":"0"`) && strings.Contains(answer, "Out of stock")
	})
	d.palette("answer as usual")
	d.until("Komet is answered as usual", func() bool {
		_, answer := d.send("POST", "/komet/confirm", "application/JSON", kometBody)
		return strings.Contains(answer, `"status":"1"`)
	})
	d.key("Escape")
	d.settle()
}

// resends sends the oldest callback to a local app.
func (d *desk) resends() {
	d.Helper()
	got := make(chan string, 1)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			d.Error(err)
		}
		got <- r.Method + " " + r.URL.Path + " " + r.Header.Get("X-Customgateway-Hmac") + " " + string(body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer app.Close()
	d.key("shift+g")
	d.settle()
	d.key("ctrl+r")
	d.shows("resend")
	d.key("ctrl+a")
	d.write(app.URL + "/app")
	d.key("Return")
	var came string
	d.until("the local app has it", func() bool {
		select {
		case came = <-got:
			return true
		default:
			return false
		}
	})
	if !strings.HasPrefix(came, "PUT /app ") || !strings.HasSuffix(came, kornitxBody) {
		d.Errorf("the local app got %q", came)
	}
	d.untilStored("the resend is kept", store.Query{Via: capture.ViaReplay}, func(list []capture.Exchange) bool {
		return len(list) == 1 && list[0].Response != nil && list[0].Response.Status == http.StatusAccepted
	})
	d.key("Escape")
	d.settle()
}

// pauses holds the list still; what comes meanwhile is answered and stored.
func (d *desk) pauses() {
	d.Helper()
	n := len(d.stored(store.Query{}))
	d.key("ctrl+p")
	d.settle()
	if status, _ := d.send("POST", "/hooks/paused", "text/plain", "meanwhile"); status != http.StatusOK {
		d.Errorf("while paused the answer is %d", status)
	}
	d.untilStored("it is stored while paused", store.Query{}, func(list []capture.Exchange) bool { return len(list) == n+1 })
	d.looks("paused")
	d.key("ctrl+p")
	d.settle()
}

// quit quits as a person does, who is asked once only.
func (d *desk) quit(asked bool) {
	d.Helper()
	d.key("ctrl+q")
	if asked {
		d.shows("quit")
		d.key("Return")
	}
	d.wait()
}

// harmless is what the log may hold on a machine without a desktop.
var harmless = regexp.MustCompile(`(?m)^.*(failed to watch theme settings|dbus|D-Bus|app_xdg\.go|level=INFO).*$`)

// quiet fails where the program has said anything but what is harmless.
func (d *desk) quiet() {
	d.Helper()
	if rest := strings.TrimSpace(harmless.ReplaceAllString(d.stderr.String(), "")); rest != "" {
		d.Errorf("the program said:\n%s", rest)
	}
}
