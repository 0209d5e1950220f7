package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"parley/internal/auth"
	"parley/internal/outbound"
)

// openProviders makes what signs people in by other servers, if the settings name any.
func (s *server) openProviders(gate *auth.Gate) (*auth.Providers, error) {
	configs, err := s.command.providers()
	if err != nil {
		return nil, err
	}
	var known outbound.Config
	for _, c := range configs {
		known.Known = append(known.Known, c.Issuer)
	}
	client, err := outbound.New(known)
	if err != nil {
		return nil, fmt.Errorf("--oidc: %w", err)
	}
	providers, err := auth.NewProviders(gate, client, configs)
	if err != nil {
		return nil, fmt.Errorf("--oidc: %w", err)
	}
	return providers, nil
}

// providers reads the settings of all providers, in the order of --oidc.
func (c *serveCommand) providers() ([]auth.ProviderConfig, error) {
	ids, err := pairs("--oidc-client", c.OIDCClients)
	if err != nil {
		return nil, err
	}
	files, err := pairs("--oidc-secret-file", c.OIDCSecretFiles)
	if err != nil {
		return nil, err
	}
	var all []auth.ProviderConfig
	for _, text := range c.OIDC {
		name, address, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("--oidc %s: it has to be NAME=ISSUER", text)
		}
		issuer, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("--oidc %s: %w", name, err)
		}
		if ids[name] == "" {
			return nil, fmt.Errorf("--oidc %s: it needs --oidc-client %s=ID", name, name)
		}
		secret := ""
		if files[name] != "" {
			text, err := os.ReadFile(files[name])
			if err != nil {
				return nil, fmt.Errorf("--oidc-secret-file: %w", err)
			}
			secret, _, _ = strings.Cut(string(text), "\n")
			if secret = strings.TrimSpace(secret); secret == "" {
				return nil, fmt.Errorf("--oidc-secret-file %s: its first line is empty", files[name])
			}
		}
		all = append(all, auth.ProviderConfig{Name: name, Issuer: issuer, ClientID: ids[name], ClientSecret: secret})
		delete(ids, name)
		delete(files, name)
	}
	for name := range ids {
		return nil, fmt.Errorf("--oidc-client %s: there is no --oidc of that name", name)
	}
	for name := range files {
		return nil, fmt.Errorf("--oidc-secret-file %s: there is no --oidc of that name", name)
	}
	return all, nil
}

// pairs reads values of the form NAME=VALUE.
func pairs(flag string, values []string) (map[string]string, error) {
	byName := map[string]string{}
	for _, v := range values {
		name, value, ok := strings.Cut(v, "=")
		if !ok || value == "" {
			return nil, fmt.Errorf("%s %s: it has to be NAME and a value, with = between", flag, v)
		}
		byName[name] = value
	}
	return byName, nil
}
