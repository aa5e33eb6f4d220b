package providers

import (
	"math"
	"time"

	"hookglass/capture"
)

// growth is by how much the pauses of a provider grow that says that they grow,
// and not how.
const growth = 2

// Schedule is when a callback is sent that nobody takes: how long after the first
// time, which is 0. It is nil where nothing is documented. Pauses that are said to
// grow are taken to double.
func (r *RetryPolicy) Schedule() []time.Duration {
	if !r.Known || r.Tries <= 0 || r.Every <= 0 && r.Within <= 0 {
		return nil
	}
	at := make([]time.Duration, 1, r.Tries+1)
	pause := r.Every
	if pause <= 0 { // pause × (1 + growth + growth² …) = Within
		pause = time.Duration(float64(r.Within) * (growth - 1) / (math.Pow(growth, float64(r.Tries)) - 1))
	}
	for last := time.Duration(0); len(at) <= r.Tries; {
		last += pause
		if r.Within > 0 && last > r.Within {
			break
		}
		at = append(at, last)
		if r.Every <= 0 {
			pause *= growth
		}
	}
	return at
}

// Span writes a duration as people do: "2h", "1h 30m", "36h", "1.5s".
func Span(d time.Duration) string { return capture.Span(d) }
