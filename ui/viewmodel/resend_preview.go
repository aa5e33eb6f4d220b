package viewmodel

import (
	"context"

	"hookglass/capture"
)

// ResendPreview is what would be sent.
type ResendPreview struct {
	Out  *capture.Outgoing
	Note string // why the receiver will see it as forged; "" where it will not
}

// ResendShown is a preview as it is shown.
type ResendShown struct {
	URL         string       // where it goes, secrets masked
	Differences []ResendLine // in what it differs from what came
	Forged      string       // why the receiver will see it as forged; "" where it will not
	Problem     string       // why nothing can be sent so
}

// ResendLine is one thing in which a resend differs from what came.
type ResendLine struct {
	What string // "Host", "body"
	Text string // "localhost:3000, was 127.0.0.1:4480"; "not sent"
	Why  string // "it goes somewhere else"
	Mine bool   // a person wanted it
}

// preview makes what would be sent. One is made at a time: what is typed meanwhile
// is made when that has ended.
func (r *Resend) preview() {
	b := r.detail.app.backend
	if r.page == nil || b == nil || b.PreviewResend == nil {
		return
	}
	if r.previewing {
		r.again = true
		return
	}
	how, host, problem := r.made()
	if problem != "" {
		r.Preview = ResendShown{}
		if host != "" {
			r.Preview.Problem = problem
		}
		return
	}
	r.previewing = true
	page := r.page
	r.detail.app.run(func(ctx context.Context) func() {
		v, err := b.PreviewResend(ctx, page.ID, how, false)
		shown := newResendShown(v, err, b.Mask)
		return func() {
			r.previewing = false
			if r.again || r.page != page {
				r.again = false
				r.preview()
				return
			}
			r.Preview = shown
			r.Changed.Emit()
		}
	})
}

func newResendShown(v ResendPreview, err error, mask func(string) string) ResendShown {
	if err != nil {
		return ResendShown{Problem: sentence(err)}
	}
	if mask == nil {
		mask = func(target string) string { return capture.MaskTarget(target) }
	}
	s := ResendShown{
		URL:    capture.Visible(v.Out.Sending.Base + mask(v.Out.Request.Target)),
		Forged: capital(v.Note),
	}
	for _, d := range v.Out.Sending.Differences {
		s.Differences = append(s.Differences, newResendLine(d))
	}
	return s
}

func newResendLine(d capture.Difference) ResendLine {
	line := ResendLine{What: capital(capture.Visible(d.Name())), Why: d.Reason()}
	switch {
	case d.Gone:
		line.Text = "not sent"
	case d.Was != "" && d.Is != "":
		line.Text = shorten(capture.Visible(d.Is), 120) + ", was " + shorten(capture.Visible(d.Was), 120)
	default:
		line.Text = shorten(capture.Visible(d.Is), 120)
	}
	if line.Text == "" {
		line.Text = "another value"
	}
	switch d.Why {
	case capture.WhyEdit, capture.WhySecret, capture.WhySignature, capture.WhyMarker:
		line.Mine = true
	case capture.WhyReceiver, capture.WhyLength, capture.WhyConnection, capture.WhyTunnel, capture.WhyVersion:
	}
	return line
}
