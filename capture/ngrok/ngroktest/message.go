package ngroktest

import "encoding/json"

// streamType is what the first four bytes of a stream say of it.
type streamType uint32

const (
	typeAuth       streamType = 0
	typeBind       streamType = 1
	typeUnbind     streamType = 2
	typeProxy      streamType = 3
	typeRestart    streamType = 4
	typeStop       streamType = 5
	typeUpdate     streamType = 6
	typeInfo       streamType = 8
	typeStopTunnel streamType = 9
)

type authRequest struct {
	ClientID string `json:"ClientId"`
	Extra    struct {
		Authtoken string
		Version   string
	}
}

type authResponse struct {
	Version  string
	ClientID string `json:"ClientId"`
	Error    string
	Extra    authDetails
}

type authDetails struct {
	Version        string
	Region         string
	Cookie         string
	AccountName    string
	PlanName       string
	AgentSessionID string
}

type bindRequest struct {
	ID         string `json:"Id"`
	Proto      string
	ForwardsTo string
	Opts       bindOptions
	Extra      json.RawMessage
}

// bindOptions are the options of an endpoint as far as they matter here. What is
// answered comes back when the agent binds again.
type bindOptions struct {
	URL           string
	Domain        string
	Hostname      string
	TrafficPolicy string
}

type bindResponse struct {
	ID    string `json:"Id"`
	URL   string
	Proto string
	Opts  bindOptions
	Error string
	Extra struct {
		Token    string
		TunnelID string
	}
}

type unbindRequest struct {
	ID string `json:"Id"`
}

type errorResponse struct{ Error string }

type infoResponse struct{ Region string }

type proxyHeader struct {
	ID             string `json:"Id"`
	ClientAddr     string
	Proto          string
	EdgeType       string
	PassthroughTLS bool
}

type stopTunnelCommand struct {
	ID        string `json:"Id"`
	Message   string
	ErrorCode string
}
