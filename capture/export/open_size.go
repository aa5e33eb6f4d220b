package export

import (
	"fmt"

	"hookglass/capture"
)

const (
	// maxListed is how many bytes of an exchange a list may have to read: it reads
	// hundreds of them at once. A request that came here has less in its whole head.
	maxListed = 256 << 10

	// maxProvider bounds a provider's id: every one that occurs is held in memory.
	maxProvider = 100
)

// outsized says in a sentence why an exchange would be too much for a list; "" where
// it is not.
func outsized(x *capture.Exchange) string {
	r, a := &x.Request, &x.Annotation
	v := &a.Verification
	if len(a.Provider) > maxProvider {
		return fmt.Sprintf("The name of its provider is longer than %d bytes.", maxProvider)
	}
	n := 0
	for _, text := range [...]string{
		r.Method, r.Target, r.Proto, r.Host, r.Remote, r.Source, x.Endpoint, x.Error,
		a.Event, a.Summary, a.Order, a.Delivery, v.Scheme, v.Header, v.Key, v.Reason,
	} {
		n += len(text)
	}
	if x.Response != nil {
		n += len(x.Response.Preset) + len(x.Response.RuleName)
	}
	if n > maxListed {
		return fmt.Sprintf("What a list shows of it is larger than %d KiB.", maxListed>>10)
	}
	return ""
}
