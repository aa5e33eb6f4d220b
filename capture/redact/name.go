package redact

import (
	"slices"
	"strings"
)

// Kinds of what is replaced, as Change.Kind has them.
const (
	kindSecret    = "secret"
	kindUser      = "user" // the user of a password
	kindName      = "name"
	kindEmail     = "email"
	kindPhone     = "phone"
	kindAddress   = "address"
	kindMoney     = "money"
	kindLink      = "link"
	kindTracking  = "tracking"
	kindReference = "reference"
	kindAccount   = "account" // IBAN, card, VAT and personal numbers
	kindIP        = "ip"
	kindDate      = "date"
	kindPersonal  = "personal" // personal data that is none of these
	kindCustom    = "custom"
	kindSignature = "signature"
	kindDelivery  = "delivery"
	kindRemoved   = "removed" // what could not be looked through
)

// kinds are all of them, and what a slot has in place of one.
var kinds = [...]string{
	kindSecret, kindUser, kindName, kindEmail, kindPhone, kindAddress, kindMoney, kindLink, kindTracking, kindReference,
	kindAccount, kindIP, kindDate, kindPersonal, kindCustom, kindSignature, kindDelivery, kindRemoved,
}

// countedNumbers is what the values that are numbers are counted under.
const countedNumbers = uint8(len(kinds))

func kindIndex(kind string) uint8 {
	for i := range kinds {
		if kinds[i] == kind {
			return uint8(i)
		}
	}
	return countedNumbers // not reached
}

// nameInfo is what a name says of the value under it.
type nameInfo struct {
	name   string
	id     uint32    // of this name alone; 0 of one that is not remembered
	next   *nameInfo // that came behind it the last time
	secret bool      // in JSON, forms, XML, text and queries
	query  bool      // a secret in queries alone
	kind   string    // of personal data; "" for none
	person bool      // what is inside is about a person, so that loose names count there
	loose  bool      // kind holds only inside a person
	guess  string    // the kind that a provider's place of that name has
	lower  string
	proof  bool   // a signature
	state  bool   // a status or an event
	labels bool   // its value names the value of the next member
	holds  bool   // its value may have a name of its own
	clean  uint32 // the version of the matcher that found nothing in the name
	taught bool   // the name itself was learned
	found  bool   // and something found in it, or read in it
	plain  bool   // it stands in JSON as it is
}

// secretNames are names of credentials without case, dashes and underscores.
// Names that end in one of secretEnds are too.
var secretNames = setOf(`authorization proxyauthorization apikey appkey accesskey accesskeyid secretkey secretaccesskey privatekey
	signingkey signingsecret encryptionkey masterkey token bearer jwt secret password passwd pwd pass passphrase passcode
	credential credentials cookie setcookie cookies sessionid sid csrf csrftoken xsrf cvv cvc cvv2 pincode otp auth authcode
	webhooksecret whsec authentication securityheader xsecurityheader subscriptionkey ocpapimsubscriptionkey recurringtoken`)

var secretEnds = []string{
	"token", "secret", "password", "passwd", "apikey", "privatekey", "passphrase", "secretkey", "accesskey", "sessionid", "authkey", "credentials",
}

// noSecrets end like secrets and are none.
var noSecrets = setOf(`tokentype hastoken nexttoken nextpagetoken pagetoken continuationtoken tokens ispassword haspassword pendingrecurringtoken`)

// queryNames are names of credentials in queries, and in the links that stand in
// bodies; elsewhere they say too little.
var queryNames = setOf(`key sig signature code hmac hash passkey k pw access accessid ticket`)

// strongNames tell personal data wherever they stand, looseNames inside a person.
var (
	strongNames = kindsOf(map[string]string{
		kindName: `firstname lastname fullname surname givenname familyname middlename maidenname forename customername recipientname
			contactname buyername billingname shippingname deliveryname cardholder cardholdername nameoncard companyname username
			displayname accountholder sendername consigneename attention attn lastupdatedbyuser despatchedbyuser`,
		kindEmail: `email emailaddress mail customeremail contactemail billingemail shippingemail useremail recipientemail`,
		kindPhone: `phone phonenumber mobile mobilephone mobilenumber telephone telephonenumber tel fax faxnumber cell cellphone msisdn
			customerphone contactphone customertelephone customertelephonemobile`,
		kindAddress: `address address1 address2 address3 address4 address5 addressline addressline1 addressline2 addressline3 street
			street1 street2 streetaddress streetname housenumber city town county postcode postalcode zip zipcode postal latitude
			longitude lat lng lon shippingaddress billingaddress deliveryaddress homeaddress`,
		kindAccount: `iban bic swift bankaccount accountnumber cardnumber pan cardbin personalcode nationalid ssn socialsecuritynumber
			passport passportnumber taxid taxnumber vat vatnumber vatid eori eorinumber ukimsnumber pidnumber registrationnumber
			accountstatementreference personalid`,
		kindDate:      `birthdate birthday dateofbirth dob birthyear`,
		kindIP:        `ip ipaddress clientip remoteip sourceip remoteaddr createdfromip customerip`,
		kindLink:      `statuspageurl trackingurl trackinglink trackandtraceurl callbackurl callbackurls statuscallbackurl webhookurl hookurl notifyurl merchanturls shippingnoteurl labelurl invoiceurl checkouturl directposturl successcallback`,
		kindTracking:  `tracking trackingnumber trackingcode shippingtracking trackandtrace consignmentnumber`,
		kindPersonal:  `giftmessage giftmessages deliverynotes deliveryinstructions gender nationality maritalstatus issuerdetails`,
		kindReference: `paymenttransid`,
	})
	looseNames = kindsOf(map[string]string{
		kindName:      `name first last title company organisation organization nickname`,
		kindAddress:   `line1 line2 line3 state region province country countrycode number house building district locality suburb`,
		kindPersonal:  `note notes comment comments message memo birth age language`,
		kindPhone:     `contact`,
		kindAccount:   `code bin vatcode`,
		kindReference: `externalid`,
	})
	personNames = setOf(`customer client person buyer seller recipient receiver sender consignee contact shipping billing shippingaddress
		billingaddress deliveryaddress address addresses user owner payer payee cardholder company customers billingdetails
		shippingdetails destination shipto billto shipfrom profile patient member guest passenger employee`)
)

// stateNames are names of a status or an event.
var stateNames = setOf("status statusname state event eventtype eventname type kind action topic currency")

// guesses tell the kind of a place that a provider names, by what its name holds;
// the first that fits counts.
var guesses = []struct{ holds, kind string }{
	{"email", kindEmail},
	{"phone", kindPhone},
	{"mobile", kindPhone},
	{"fax", kindPhone},
	{"tracking", kindTracking},
	{"barcode", kindTracking},
	{"url", kindLink},
	{"callback", kindLink},
	{"redirect", kindLink},
	{"price", kindMoney},
	{"amount", kindMoney},
	{"total", kindMoney},
	{"value", kindMoney},
	{"discount", kindMoney},
	{"shippingnet", kindMoney},
	{"shippingtax", kindMoney},
	{"shippinggross", kindMoney},
	{"debt", kindMoney},
	{"address", kindAddress},
	{"postcode", kindAddress},
	{"postal", kindAddress},
	{"country", kindAddress},
	{"city", kindAddress},
	{"street", kindAddress},
	{"destination", kindAddress},
	{"vat", kindAccount},
	{"ref", kindReference},
	{"name", kindName},
	{"company", kindName},
	{"user", kindName},
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

func kindsOf(kinds map[string]string) map[string]string {
	all := map[string]string{}
	for kind, words := range kinds {
		for word := range strings.FieldsSeq(words) {
			all[word] = kind
		}
	}
	return all
}

// plainName is a name without case and without what stands between its words.
func plainName(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c|0x20)
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80:
			b = append(b, c)
		}
	}
	return string(b)
}

// longestName is the longest name that can be a known one.
const longestName = 64

// inform says what a name tells.
func inform(name string) *nameInfo {
	info := &nameInfo{lower: strings.ToLower(name), proof: isSignature(name)}
	if len(name) > longestName {
		return info
	}
	plain := plainName(name)
	bare := strings.TrimPrefix(plain, "x")
	info.secret = (secretNames[plain] || secretNames[bare] || slices.ContainsFunc(secretEnds, func(end string) bool {
		return strings.HasSuffix(plain, end)
	})) && !noSecrets[plain]
	info.query = queryNames[plain] || strings.HasSuffix(plain, "signature") // of Amazon's and Google's links
	info.person, info.state = personNames[plain], stateNames[plain]
	info.labels = plain == "name" || plain == "key" || plain == "field" || plain == "label"
	info.holds = plain == "value"
	if info.kind = strongNames[plain]; info.kind == "" {
		for _, prefix := range [...]string{"customer", "shipping", "billing", "delivery", "recipient", "contact"} {
			if rest, ok := strings.CutPrefix(plain, prefix); ok && info.kind == "" {
				info.kind = strongNames[rest]
			}
		}
	}
	if info.kind == "" {
		info.kind = looseNames[plain]
		info.loose = info.kind != ""
	}
	if info.kind == "" && !info.secret {
		info.segments(name)
	}
	if info.guess = info.kind; info.guess == "" {
		for _, g := range guesses {
			if strings.Contains(plain, g.holds) {
				info.guess = g.kind
				break
			}
		}
	}
	return info
}

// segments looks at a name that is a path, as forms write it: the last step of
// "order[customer][email]" or "order.customer.email" tells, and those before it
// whether it is about a person.
func (n *nameInfo) segments(name string) {
	steps := strings.FieldsFunc(name, func(c rune) bool { return c == '[' || c == ']' || c == '.' })
	if len(steps) < 2 {
		return
	}
	last := inform(steps[len(steps)-1])
	n.secret, n.kind, n.loose = last.secret, last.kind, last.loose
	if n.loose && slices.ContainsFunc(steps[:len(steps)-1], func(step string) bool { return personNames[plainName(step)] }) {
		n.loose = false
	}
}

// looked reports whether the name itself was looked at before, and nothing found.
func (n *nameInfo) looked(w *walk) bool {
	if w.learning {
		was := n.taught
		n.taught = true
		return was
	}
	was := n.clean == w.r.common.version
	n.clean = w.r.common.version
	return was
}

// note says what looking at the name itself found, where so much was found and left
// before. A name that could not be read for want of a budget was not looked at.
func (n *nameInfo) note(w *walk, found, budget int, edits []edit) {
	n.found = n.found || w.r.found > found || w.budget != budget
	if len(edits) > 0 || w.over {
		n.clean = 0
	}
	if w.over {
		n.taught = false
	}
}

// maxNames bounds how many names are remembered.
const maxNames = 1 << 14

// named returns what a name tells; it is remembered.
func (r *Redactor) named(name []byte) *nameInfo {
	if info := r.names[string(name)]; info != nil {
		return info
	}
	text := string(name)
	info := inform(text)
	info.name, info.plain = text, strings.IndexByte(text, '"') < 0 && strings.IndexByte(text, '\\') < 0
	if len(r.names) < maxNames && len(text) <= longestName {
		info.id = uint32(len(r.names)) + 1
		r.names[text] = info
		if isFieldName(text) {
			r.common.add(info.lower)
		}
	}
	return info
}

// labelled is what the name tells that an object gives to a value of its own; other
// where it says nothing. It is not remembered: it may be a person's.
func (r *Redactor) labelled(name []byte, other *nameInfo) *nameInfo {
	info := r.names[string(name)]
	if info == nil && len(name) <= longestName {
		info = inform(string(name))
	}
	if info == nil || !info.secret && (info.kind == "" || info.loose) {
		return other
	}
	return info
}

// isFieldName reports whether a name is one that programmers give, and no person's.
func isFieldName(name string) bool {
	for i := range len(name) {
		if c := name[i]; classes[c]&(isLetter|isDigit) == 0 && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return name != "" && name[0] >= 'a' && name[0] <= 'z'
}
