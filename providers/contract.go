package providers

import (
	"bytes"
	"fmt"
	"mime"
	"strings"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

// Contract says in sentences what of an answer breaks what a provider documents
// of answers; nil where nothing does. A failure that the provider documents, such
// as a 503 after which it sends again, keeps the contract. Of an unknown provider
// nothing is known.
func (s *Set) Contract(provider string, answer *capture.Response, request *capture.Request) (broken []string) {
	p := s.Find(provider)
	if p == nil || p.Contract == nil || answer == nil {
		return nil
	}
	defer func() {
		if recover() != nil {
			broken = nil
		}
	}()
	return p.Contract(answer, request)
}

// Preflight reports whether a request asks for the methods that are allowed, so
// that its answer carries no body that counts.
func Preflight(r *capture.Request) bool { return strings.EqualFold(r.Method, "OPTIONS") }

// WantsJSON says in sentences where the answer to a provider that speaks JSON is
// something else. An answer without a body is nothing else.
func WantsJSON(name string, answer *capture.Response) []string {
	body := bytes.TrimSpace(answer.Body)
	if len(body) == 0 || answer.Status == 204 || answer.Status == 304 {
		return nil
	}
	kind := answer.Header.Value("Content-Type")
	media := mediaType(kind)
	switch {
	case media == "text/html" || kind == "" && bytes.HasPrefix(body, []byte("<")):
		return []string{fmt.Sprintf("%s speaks JSON, and this answer is HTML.", name)}
	case isJSONType(media) && !gjson.ValidBytes(body):
		return []string{"The answer calls itself JSON and is not."}
	}
	return nil
}

// IsJSONType reports whether the value of a Content-Type names JSON.
func IsJSONType(contentType string) bool { return isJSONType(mediaType(contentType)) }

func isJSONType(media string) bool {
	return media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
}

// mediaType is the type of a Content-Type in lower case, without parameters.
func mediaType(contentType string) string {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(contentType, ";")
	}
	return strings.ToLower(strings.TrimSpace(media))
}

// Undocumented says in a sentence that nothing is known of a status that is
// neither 200 nor a failure; nil for the others. known is what is known instead.
func Undocumented(name string, status int, known string) []string {
	if status == 200 || status >= 400 {
		return nil
	}
	return []string{fmt.Sprintf("%s: what %s makes of %d is not documented.", known, name, status)}
}

// Allows reports whether a field lists a method.
func Allows(header capture.Fields, field, method string) bool {
	for _, value := range header.All(field) {
		for one := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(one), method) {
				return true
			}
		}
	}
	return false
}
