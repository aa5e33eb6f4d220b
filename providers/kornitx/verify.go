package kornitx

import (
	"errors"
	"fmt"
	"strings"

	"hookglass/capture"
	"hookglass/providers"
)

const (
	hmacHeader = "X-CustomGateway-Hmac"
	hmacScheme = "kornitx-hmac-sha256"
)

// readings are what "Request body (on a single line with no spaces)" can mean,
// in the order of their likelihood. KornitX does not say, so each counts.
var readings = []struct {
	name string
	json bool
	make func(body []byte) []byte
}{
	{"raw body", false, nil},
	{"body with white space outside strings removed", false, providers.Minify},
	{"body with all white space removed", false, providers.StripSpaces},
	{"body as PHP's json_encode writes it", true, providers.PHPEncode},
	{"body parsed and written on one line", true, providers.Reencode},
}

func verify(c *providers.Callback, keys providers.Keys) capture.Verification {
	var proofs []capture.Verification
	for _, value := range c.Request.Header.All(hmacHeader) {
		proofs = append(proofs, verifyHMAC(c, keys, value))
	}
	for _, value := range c.Request.Header.All("Authorization") {
		proofs = append(proofs, verifyAuthorization(c.Request, keys, value))
	}
	if len(proofs) > 0 {
		return providers.Combine(proofs)
	}
	return capture.Verification{
		Status: capture.Unsigned,
		Reason: "The callback carries no proof: KornitX sends one only where the Generic API notification integration is switched on, with HMAC or OpenID Connect.",
	}
}

// right returns the credential that signs this callback, and the other one.
func right(c *providers.Callback) (own, other string) {
	push := c.Request.Method == "POST" // of a body too large to decode as it arrives
	if len(c.Request.Body) <= providers.DecodeLimit {
		g := glanceAt(c.Object())
		push = g.push()
	}
	if push {
		return pushKey, apiKey
	}
	return apiKey, pushKey
}

func verifyHMAC(c *providers.Callback, keys providers.Keys, value string) capture.Verification {
	v := capture.Verification{Scheme: hmacScheme, Header: hmacHeader, Received: value}
	credential, other := right(c)
	mac, err := providers.ParseMAC(strings.TrimSpace(value))
	if err != nil {
		v.Status = capture.Malformed
		v.Reason = fmt.Sprintf("%s is %v.", hmacHeader, err)
		return v
	}
	own := keys[credential]
	if len(own) == 0 {
		v.Status = capture.KeyMissing
		v.Reason = "The callback is signed, but " + credential + " is not configured."
		if len(keys[other]) > 0 {
			v.Reason += " " + other + " is for " + purpose[other] + "."
		}
		return v
	}
	for i := range readings {
		reading := &readings[i]
		signed, ok := message(c, i)
		if !ok {
			continue
		}
		for k := range own {
			sum := providers.SumHMAC(own[k].Value.Reveal(), signed)
			if i == 0 && k == 0 {
				v.Expected = mac.Encode(sum)
			}
			if !mac.Equal(sum) {
				continue
			}
			v.Status, v.Key, v.Expected = capture.Valid, own[k].Label, mac.Encode(sum)
			v.Signed = fmt.Sprintf("%s, %d bytes", reading.name, len(signed))
			v.Reason = fmt.Sprintf("The HMAC-SHA256 (%s) of the %s matches %s.", mac.Encoding, reading.name, own[k].Title())
			return v
		}
	}
	v.Status, v.Signed = capture.Invalid, fmt.Sprintf("raw body, %d bytes", len(c.Request.Body))
	v.Reason = fmt.Sprintf("The HMAC-SHA256 matches no reading of the body with %s: the body was changed, or the key is another one.", providers.Titles(own))
	return v
}

var purpose = map[string]string{apiKey: "status callbacks", pushKey: "the order push"}

// message makes the reading with that number, or says that there is none.
func message(c *providers.Callback, i int) ([]byte, bool) {
	body := c.Request.Body
	if i == 0 {
		return body, true
	}
	if len(body) > providers.DecodeLimit {
		return nil, false
	}
	if readings[i].json && providers.CheckJSON(body) != nil {
		return nil, false
	}
	return readings[i].make(body), true
}

func ladder(c *providers.Callback, keys providers.Keys) []capture.Try {
	credential, other := right(c)
	for _, value := range c.Request.Header.All(hmacHeader) {
		if !verifyHMAC(c, keys, value).Status.Proven() {
			return providers.HMACLadder(c.Request, value, keys[credential], keys[other])
		}
	}
	return nil
}

// sign writes the HMAC in lower-case hex over the raw body: the likeliest form.
func sign(r *capture.Request, keys providers.Keys) error {
	credential, _ := right(providers.NewCallback(r, nil, providers.DecodeLimit))
	own := keys[credential]
	if len(own) == 0 {
		return errors.New("nothing to sign with: " + credential + " is not configured")
	}
	sum := providers.SumHMAC(own[0].Value.Reveal(), r.Body)
	r.Header = append(providers.WithoutField(r.Header, hmacHeader), capture.Field{Name: hmacHeader, Value: providers.MAC{}.Encode(sum)})
	return nil
}
