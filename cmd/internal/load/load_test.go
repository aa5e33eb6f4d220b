package load_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hookglass/cmd/internal/load"
)

func TestRunSendsEveryRequestOnce(t *testing.T) {
	var mu sync.Mutex
	got := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		got[r.Method+" "+r.RequestURI+" "+r.Header.Get("X-Number")+" "+string(body)]++
		mu.Unlock()
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	run := load.Run{
		Addr: strings.TrimPrefix(server.URL, "http://"), Connections: 4, Requests: 100,
		Request: func(n int) []byte {
			return load.Request("PUT", "/x", []byte(strconv.Itoa(n)), "X-Number: "+strconv.Itoa(n))
		},
	}
	result, err := run.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 100 {
		key := "PUT /x " + strconv.Itoa(n) + " " + strconv.Itoa(n)
		if got[key] != 1 {
			t.Errorf("request %d came %d times, want once", n, got[key])
		}
	}
	if len(result.Latencies) != 100 || result.Percentile(50) > result.Percentile(99) || result.Percentile(0) <= 0 {
		t.Errorf("got latencies %v, want 100, all measured and in order", result.Latencies)
	}
}

func TestRunFailsForAnotherAnswer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	run := load.Run{
		Addr: strings.TrimPrefix(server.URL, "http://"), Connections: 1, Requests: 1,
		Request: func(int) []byte { return load.Request("GET", "/", nil) },
	}
	if _, err := run.Do(t.Context()); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v, want an error that names 404", err)
	}
}
