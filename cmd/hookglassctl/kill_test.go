package main_test

import (
	"context"
	crand "crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/cmd/internal/load"
	"hookglass/store"
)

const (
	killRounds      = 10 // HOOKGLASS_KILL_ROUNDS overrides
	killConnections = 16
	killAfterMost   = 400 // acknowledged callbacks in one round
	killBodyMost    = 6000
)

// TestKillLosesNothing ends the program with SIGKILL under load, again and
// again over the same folder. Every callback that was answered 2xx has to be in
// the file, byte for byte.
func TestKillLosesNothing(t *testing.T) {
	rounds := killRounds
	if text := os.Getenv("HOOKGLASS_KILL_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	acknowledged := map[string][sha256.Size]byte{} // by target
	var after int64                                // id of the newest callback that was checked
	for round := range rounds {
		p := serve(t, dir, "--keep", "0", "--keep-bytes", "0")
		killUnderLoad(t, p, round, 1+random.IntN(killAfterMost), acknowledged)
		after = checkAcknowledged(t, dir, after, acknowledged)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	checkRecovery(t, dir)
}

// checkRecovery starts the program once more: what the kills interrupted gets
// its verdict, and no callback stays without a state.
func checkRecovery(t *testing.T, dir string) {
	t.Helper()
	p := serve(t, dir)
	rows := list(t, dir, "--limit", "0")
	mustCtl(t, dir, nil, "wait", "--since", "2000-01-01T00:00:00Z", "--verdict", "unprovable",
		"--count", strconv.Itoa(len(rows)), "--timeout", "25s")
	for _, row := range list(t, dir, "--limit", "0") {
		if row.State != "answered" && row.State != "unknown" && row.State != "client_gone" {
			t.Errorf("callback %d is %s after a restart", row.ID, row.State)
		}
	}
	if err := p.stop(t); err != nil {
		t.Errorf("after the kills serve ends with %v: %s", err, p.stderr)
	}
}

// killUnderLoad loads the program, kills it when so many callbacks are
// acknowledged, and adds all that were acknowledged.
func killUnderLoad(t *testing.T, p *program, round, enough int, acknowledged map[string][sha256.Size]byte) {
	t.Helper()
	var mu sync.Mutex
	var count atomic.Int64
	var workers sync.WaitGroup
	for n := range killConnections {
		workers.Go(func() {
			conn, err := load.Dial(t.Context(), p.addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			for i := 0; ; i++ {
				target := fmt.Sprintf("/x/%d/%d/%d", round, n, i)
				body := make([]byte, rand.IntN(killBodyMost))
				_, _ = crand.Read(body) // never fails
				status, err := conn.Do(load.Request("POST", target, body))
				if err != nil {
					return // killed
				}
				if status/100 != 2 {
					t.Errorf("%s was answered %d", target, status)
					return
				}
				mu.Lock()
				acknowledged[target] = sha256.Sum256(body)
				mu.Unlock()
				if count.Add(1) == int64(enough) {
					p.kill()
				}
			}
		})
	}
	workers.Wait()
	if count.Load() < int64(enough) {
		t.Errorf("only %d callbacks were acknowledged, want %d before the kill; serve said: %s", count.Load(), enough, p.stderr)
	}
}

// checkAcknowledged reads every callback with an id above after, strikes it off,
// and fails for what is left. It returns the newest id.
func checkAcknowledged(t *testing.T, dir string, after int64, acknowledged map[string][sha256.Size]byte) int64 {
	t.Helper()
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	newest := after
	walk(t, db, after, func(x *capture.Exchange) {
		newest = max(newest, x.ID)
		want, ok := acknowledged[x.Request.Target]
		if !ok {
			return // on disk, and killed before its answer was read
		}
		whole, err := db.Exchange(t.Context(), x.ID)
		if err != nil {
			t.Fatal(err)
		}
		if sha256.Sum256(whole.Request.Body) != want {
			t.Errorf("%s is stored with another body than was sent", x.Request.Target)
		}
		delete(acknowledged, x.Request.Target)
	})
	for target := range acknowledged {
		t.Errorf("%s was answered 2xx and is lost", target)
	}
	if err := db.IntegrityCheck(t.Context()); err != nil {
		t.Errorf("integrity_check: %v", err)
	}
	return newest
}

// openStore opens the database of a data folder for reading.
func openStore(t testing.TB, dir string) *store.DB {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds the databases %v (%v), want one", files, err)
	}
	db, err := store.OpenReader(context.WithoutCancel(t.Context()), files[0])
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// walk visits the rows with an id above after, oldest first.
func walk(t testing.TB, db *store.DB, after int64, visit func(*capture.Exchange)) {
	t.Helper()
	for {
		rows, err := db.List(t.Context(), store.Query{After: after, Ascending: true, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			visit(&rows[i])
			after = rows[i].ID
		}
		if len(rows) < 1000 {
			return
		}
	}
}

// SIGKILL cannot see a missing sync, so the settings are read back too: what the
// program left in the file, and what its store runs with.
func TestDurabilitySettings(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"POST", "/x", nil, []byte("x")})
	settled(t, p.dir, 1)
	reader := openStore(t, p.dir)
	mode, _, err := reader.Pragmas(t.Context())
	path := reader.Path()
	if closeErr := reader.Close(); err != nil || closeErr != nil || mode != "wal" {
		t.Errorf("the file's journal mode is %q (%v, %v), want wal", mode, err, closeErr)
	}
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const full = 2
	if mode, synchronous, err := db.Pragmas(t.Context()); err != nil || mode != "wal" || synchronous != full {
		t.Errorf("the writing connection has journal_mode=%s, synchronous=%d (%v); want wal and %d", mode, synchronous, err, full)
	}
}
