package viewmodel

import (
	"time"

	"hookglass/capture"
)

// afterGap is how long after a gap a callback may have been tried in vain
// before.
const afterGap = 15 * time.Minute

// gapNote says of a callback that came soon after the public address did not
// carry that it may have been tried before; "" for others.
func gapNote(x *capture.Exchange, outages []capture.Outage, s style) string {
	if x.Via != capture.ViaTunnel && x.Via != capture.ViaPublic {
		return ""
	}
	for _, o := range outages {
		late := x.Request.Received.Sub(o.To)
		if o.To.IsZero() || late < 0 || late > afterGap {
			continue
		}
		layout := "15:04"
		if o.To.Sub(o.From) < time.Minute {
			layout = "15:04:05"
		}
		return "It came " + gapSpan(late) + " after the public address was offline, " +
			o.From.In(s.zone).Format(layout) + " to " + o.To.In(s.zone).Format(layout) + ": it may have been tried before"
	}
	return ""
}
