package viewmodel

import (
	"strings"

	"hookglass/capture"
)

// dropWord says in a word how a sender was cut off.
func dropWord(x *capture.Exchange) string {
	switch dropOf(x) {
	case capture.DropReset:
		return "reset"
	case capture.DropHalf:
		return "half"
	case capture.DropNever:
		return "no answer"
	case capture.DropClose:
		return "closed"
	}
	return "dropped"
}

// dropOf is how a sender was cut off, as far as what is kept of it tells.
func dropOf(x *capture.Exchange) capture.Drop {
	if x.Response != nil && x.Response.Drop != "" {
		return x.Response.Drop
	}
	_, done := dropper(x)
	word, _, _ := strings.Cut(done, " ")
	return map[string]capture.Drop{
		"closed": capture.DropClose, "reset": capture.DropReset, "broken": capture.DropHalf, "left": capture.DropNever,
	}[word]
}

// dropper takes apart what is kept of a drop: `the rule "KornitX down" has reset the
// connection instead of answering`. There may be no answer beside it.
func dropper(x *capture.Exchange) (rule, done string) {
	i := strings.LastIndex(x.Error, " has ")
	if i < 0 {
		return "", x.Error
	}
	return strings.TrimPrefix(x.Error[:i], "the rule "), x.Error[i+len(" has "):]
}

// droppedWords say how a sender was cut off, by whom, and what it saw of that.
func droppedWords(x *capture.Exchange) string {
	text := "Its sender was cut off on purpose instead of answered"
	switch dropOf(x) {
	case capture.DropReset:
		text = "The connection was reset on purpose before an answer"
	case capture.DropHalf:
		text = "The connection was closed on purpose halfway through the answer"
	case capture.DropNever:
		text = "Nothing was answered on purpose, until the sender gave up"
	case capture.DropClose:
		text = "The connection was closed on purpose before an answer"
	}
	if rule, _ := dropper(x); rule != "" {
		text += ", by your rule " + capture.Visible(rule)
	}
	text += "."
	switch x.Via {
	case capture.ViaTunnel:
		text += " It came through the tunnel, so what its sender saw is a 502 of ngrok's instead."
	case capture.ViaPublic:
		text += " It came through your own proxy, so its sender saw what that makes of it, often a 502."
	case capture.ViaLocal, capture.ViaReplay, capture.ViaImport, capture.ViaSample:
	}
	return text
}
