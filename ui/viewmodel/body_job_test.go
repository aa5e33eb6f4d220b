package viewmodel

import (
	"testing"
	"time"
)

// TestBodyIsMadeBesideTheRest shows a large body at once where it was begun
// while the callback was read.
func TestBodyIsMadeBesideTheRest(t *testing.T) {
	b := newBench(t)
	b.Detail.Tab = TabBody
	body := b.Detail.Body
	body.patience = func() <-chan time.Time { return nil }
	x := exchangeOf("application/json", bigJSON(1<<20))
	job := b.makeBody(x)
	whole := <-job.whole
	job.whole <- whole
	body.expect(job)
	body.show(x)
	if body.made != whole || body.Busy != "" || body.Text == nil {
		t.Errorf("what was made is not shown at once: busy %q", body.Busy)
	}
	if body.coming != nil {
		t.Error("the job is kept for the next callback")
	}
}

func TestBodyForgetsTheJobOfAnother(t *testing.T) {
	b := newBench(t)
	b.Detail.Tab = TabOverview // nobody looks
	body := b.Detail.Body
	x := exchangeOf("application/json", bigJSON(1<<20))
	body.expect(b.makeBody(x))
	body.show(x)
	other := exchangeOf("text/plain", []byte("other"))
	other.ID = 8
	body.expect(nil)
	body.show(other)
	b.Detail.Select(TabBody)
	b.settle()
	if body.sees() != "other" || body.coming != nil {
		t.Errorf("shows %d bytes", len(body.sees()))
	}
}
