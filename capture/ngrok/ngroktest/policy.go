package ngroktest

import (
	"fmt"
	"net/netip"
	"slices"

	"go.yaml.in/yaml/v3"
)

// policy is a Traffic Policy, as far as it is obeyed here: restrict-ips.
type policy struct {
	OnRequest []rule `yaml:"on_http_request"`
	OnConnect []rule `yaml:"on_tcp_connect"`
}

type rule struct {
	Actions []struct {
		Type   string `yaml:"type"`
		Config struct {
			Enforce *bool    `yaml:"enforce"`
			Allow   []string `yaml:"allow"`
			Deny    []string `yaml:"deny"`
		} `yaml:"config"`
	} `yaml:"actions"`
}

// parsePolicy reads YAML or JSON, which is YAML too.
func parsePolicy(text string) (*policy, error) {
	var p policy
	if err := yaml.Unmarshal([]byte(text), &p); err != nil {
		return nil, err
	}
	for _, r := range slices.Concat(p.OnConnect, p.OnRequest) {
		for _, a := range r.Actions {
			for _, list := range [][]string{a.Config.Allow, a.Config.Deny} {
				for _, prefix := range list {
					if _, err := netip.ParsePrefix(prefix); err != nil {
						return nil, fmt.Errorf("%s: %w", a.Type, err)
					}
				}
			}
		}
	}
	return &p, nil
}

// denies reports whether a caller is turned away.
func (p *policy) denies(caller netip.Addr) bool {
	caller = caller.Unmap()
	for _, r := range slices.Concat(p.OnConnect, p.OnRequest) {
		for _, a := range r.Actions {
			if a.Type != "restrict-ips" || a.Config.Enforce != nil && !*a.Config.Enforce {
				continue
			}
			if within(caller, a.Config.Deny) || len(a.Config.Allow) > 0 && !within(caller, a.Config.Allow) {
				return true
			}
		}
	}
	return false
}

func within(caller netip.Addr, prefixes []string) bool {
	for _, text := range prefixes {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Contains(caller) {
			return true
		}
	}
	return false
}
