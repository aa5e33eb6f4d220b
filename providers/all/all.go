// Package all is the list of the providers that Hookglass knows. Its tests run
// every one of them through the same checks with the requests in their testdata.
package all

import (
	"hookglass/providers"
	"hookglass/providers/klix"
	"hookglass/providers/komet"
	"hookglass/providers/kornitx"
	"hookglass/providers/mintsoft"
	"hookglass/providers/probo"
)

// NewSet makes a set of all providers, without keys. They stand in their order
// of detection: where two are equally sure, the earlier one gets the request, so
// those that sign stand first.
func NewSet() *providers.Set {
	return providers.NewSet(
		kornitx.Provider,
		klix.Provider,
		mintsoft.Provider,
		komet.Provider,
		probo.Provider,
	)
}
