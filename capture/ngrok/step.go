package ngrok

// Step is one step on the way to the service, and what became of it.
type Step struct {
	Name string // "Name resolution", "TCP", "TLS", "Service", "Token"
	OK   bool
	Text string // what was found, or what is wrong and what to do
}

// TokenSource says where a token comes from.
type TokenSource struct {
	From string // "keyring", "file", "environment", "ngrok.yml"; "" for no token
	Name string // the variable, or the path of ngrok.yml
}
