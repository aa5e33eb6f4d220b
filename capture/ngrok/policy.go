package ngrok

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// policyPhases are the keys of a Traffic Policy, the older ones too.
var policyPhases = []string{"on_http_request", "on_http_response", "on_tcp_connect", "inbound", "outbound", "on_event_destination"}

// CheckPolicy says why a text is no Traffic Policy in YAML or JSON; "" is none
// and good. Only ngrok knows whether its actions are.
func CheckPolicy(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var parsed map[string]any
	if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
		return errors.New("the traffic policy is neither YAML nor JSON" + lineOf(err)) // it may hold passwords
	}
	for _, phase := range policyPhases {
		if _, ok := parsed[phase]; ok {
			return nil
		}
	}
	return errors.New("the traffic policy has no key such as on_http_request")
}

// ReadPolicy returns the policy that a text means: the text itself, or the
// content of the file that it names.
func ReadPolicy(text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || strings.ContainsAny(trimmed, "\n{") || strings.Contains(trimmed, ": ") {
		return trimmed, CheckPolicy(trimmed)
	}
	content, err := readAll(trimmed)
	if err != nil {
		return "", fmt.Errorf("the traffic policy: %w", err)
	}
	if err := CheckPolicy(string(content)); err != nil {
		return "", fmt.Errorf("%s: %w", trimmed, err)
	}
	return string(content), nil
}

// AllowPolicy is the Traffic Policy that lets only these callers in: IP addresses
// and ranges such as 203.0.113.0/24. The others get a 403 of the edge, and are
// never seen here.
func AllowPolicy(addresses []string) (string, error) {
	var allow []string
	for _, text := range addresses {
		prefix, err := parsePrefix(strings.TrimSpace(text))
		if err != nil {
			return "", fmt.Errorf("%q is no IP address, nor a range such as 203.0.113.0/24", text)
		}
		if !slices.Contains(allow, prefix.String()) {
			allow = append(allow, prefix.String())
		}
	}
	if len(allow) == 0 {
		return "", errors.New("no address is named")
	}
	type object = map[string]any
	text, err := json.Marshal(object{"on_http_request": []object{{"actions": []object{{
		"type": "restrict-ips", "config": object{"enforce": true, "allow": allow},
	}}}}})
	return string(text), err
}

// parsePrefix reads an address or a range. IPv4 written as IPv6 becomes IPv4: as
// that it arrives at the edge.
func parsePrefix(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, errors.New("no address")
		}
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, errors.New("no range")
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < 96 {
			return netip.Prefix{}, errors.New("a range that is not of IPv4 alone")
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}
