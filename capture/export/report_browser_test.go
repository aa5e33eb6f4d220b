package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReportInBrowser opens a report of hostile callbacks in a browser, with
// everything in it unfolded: nothing of it runs, and nothing is loaded. It runs
// where CHROMIUM names a browser: CHROMIUM=chromium.
func TestReportInBrowser(t *testing.T) {
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		t.Skip("CHROMIUM is not set")
	}
	folder := t.TempDir()
	// Both as it is and as it would be without the ban in its head: escaping holds
	// alone.
	page := strings.ReplaceAll(written(t, "html", hostileShare()), `<details class`, `<details open class`)
	ban := `<meta http-equiv="Content-Security-Policy"`
	if !strings.Contains(page, ban) {
		t.Fatal("the page does not forbid to load")
	}
	control := `<!doctype html><title>quiet</title><script>document.title="PWNED"</script><img src="http://evil.invalid/z">`
	for name, page := range map[string]string{"banned": page, "escaped": strings.Replace(page, ban, `<meta name="x"`, 1), "control": control} {
		file, log := filepath.Join(folder, name+".html"), filepath.Join(folder, name+".json")
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		run := exec.CommandContext(t.Context(), browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(folder, "profile"),
			"--log-net-log="+log, "--virtual-time-budget=2000", "--dump-dom", "file://"+file)
		dom, err := run.Output()
		if err != nil {
			t.Fatal(err)
		}
		net, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		_, title, _ := strings.Cut(string(dom), "<title>")
		title, _, _ = strings.Cut(title, "</title>")
		ran, loaded := title == "PWNED", strings.Contains(string(net), "evil.invalid")
		if wanted := name == "control"; ran != wanted || loaded != wanted {
			t.Errorf("%s: ran %v, loaded %v, want %v; the title is %.80q", name, ran, loaded, wanted, title)
		}
	}
}
