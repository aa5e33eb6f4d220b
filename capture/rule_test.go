package capture

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// fixedRule is an enabled rule that answers a status.
func fixedRule(id int64, status int) Rule {
	return Rule{ID: id, Enabled: true, Kind: RuleFixed, Params: RuleParams{Answer: RuleAnswer{Status: status}}}
}

func forwardRule(observe bool, a RuleAnswer) Rule {
	return Rule{ID: 8, Enabled: true, Kind: RuleForward, Params: RuleParams{
		Forward: Forwarding{URL: "http://localhost:3000", Observe: observe}, Answer: a,
	}}
}

func answering(a RuleAnswer) Rule {
	return Rule{ID: 1, Enabled: true, Kind: RuleFixed, Params: RuleParams{Answer: a}}
}

func TestRuleCheck(t *testing.T) {
	header := func(name, value string) Rule {
		return answering(RuleAnswer{Status: 200, Header: Fields{{name, value}}})
	}
	body := func(text string) Rule { return answering(RuleAnswer{Status: 200, Body: text}) }
	changed := func(change func(r *Rule)) Rule {
		r := fixedRule(1, 200)
		change(&r)
		return r
	}
	delay := func(head, body time.Duration) Rule {
		return Rule{Kind: RuleDelayed, Params: RuleParams{Delay: head, DelayBody: body}}
	}
	sequence := func(per RulePer, answers ...RuleAnswer) Rule {
		return Rule{Kind: RuleSequence, Params: RuleParams{Per: per, Answers: answers}}
	}
	for name, tt := range map[string]struct {
		rule Rule
		want string // in the error; "" for none
	}{
		"fixed":                   {fixedRule(1, 503), ""},
		"the lowest status":       {fixedRule(1, 200), ""},
		"the highest status":      {fixedRule(1, 599), ""},
		"status 0":                {fixedRule(1, 0), "status is missing"},
		"status 100":              {fixedRule(1, 100), "200 to 599"},
		"status 1000":             {fixedRule(1, 1000), "200 to 599"},
		"status -1":               {fixedRule(1, -1), "200 to 599"},
		"no kind":                 {Rule{}, "no kind"},
		"another kind":            {Rule{Kind: "moon"}, "preset, fixed, delayed, sequence, hold, forward and drop"},
		"preset":                  {Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "503", Message: "x"}}}, ""},
		"no preset":               {Rule{Kind: RulePreset}, "preset is missing"},
		"preset and status":       {Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "503", Status: 200}}}, "not both"},
		"message without preset":  {answering(RuleAnswer{Status: 200, Message: "x"}), "belongs to a preset"},
		"long message":            {Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "503", Message: strings.Repeat("x", 3000)}}}, "longer than"},
		"header":                  {header("x-ODD", "a\tb é"), ""},
		"header with a variable":  {header("X-Order", "{{order}}"), ""},
		"header injection":        {header("X", "a\r\nSet-Cookie: b"), "line break"},
		"header with a line feed": {header("X", "a\nb"), "line break"},
		"header name injection":   {header("X: a\r\nY", "b"), "no name"},
		"empty header name":       {header("", "b"), "no name"},
		"header name with space":  {header("X Y", "b"), "no name"},
		"Content-Length":          {header("content-length", "5"), "set by Hookglass"},
		"Transfer-Encoding":       {header("Transfer-Encoding", "chunked"), "set by Hookglass"},
		"variable in the type":    {header("content-type", "{{header.Accept}}"), "holds no variables"},
		"large header":            {header("X", strings.Repeat("x", 40<<10)), "larger"},
		"many fields":             {answering(RuleAnswer{Status: 200, Header: make(Fields, 65)}), "more than 64"},
		"largest body":            {body(strings.Repeat("x", MaxRuleBody)), ""},
		"too large a body":        {body(strings.Repeat("x", MaxRuleBody+1)), "larger than"},
		"open variable":           {body("ab{{order"), "at character 3: This variable does not end"},
		"unknown variable":        {body("{{ordr}}"), `no variable "ordr"`},
		"plain braces":            {answering(RuleAnswer{Status: 200, Body: "{{ordr", Plain: true}), ""},
		"two bodies":              {answering(RuleAnswer{Status: 200, Body: "a", BodyBase64: "YQ=="}), "only one"},
		"base64":                  {answering(RuleAnswer{Status: 200, BodyBase64: "e3s="}), ""},
		"no base64":               {answering(RuleAnswer{Status: 200, BodyBase64: "%"}), "not base64"},
		"relative file":           {answering(RuleAnswer{Status: 200, BodyFile: "a.json"}), "whole path"},
		"delayed":                 {delay(time.Second, 0), ""},
		"delayed body":            {delay(0, time.Second), ""},
		"not delayed":             {delay(0, 0), "must wait"},
		"negative delay":          {delay(-time.Second, 2*time.Second), "must wait"},
		"long delay":              {delay(11*time.Minute, 0), "10 minutes"},
		"long delays together":    {delay(6*time.Minute, 6*time.Minute), "10 minutes"},
		"endless delay":           {delay(1<<62, 1<<62), "10 minutes"},
		"delay of a fixed":        {changed(func(r *Rule) { r.Params.Delay = 1 }), "only a delayed rule"},
		"sequence":                {sequence("", RuleAnswer{Status: 503}, RuleAnswer{}), ""},
		"empty sequence":          {sequence(PerAll), "1 to 64"},
		"long sequence":           {sequence(PerAll, make([]RuleAnswer, 65)...), "1 to 64"},
		"per moon":                {sequence("moon", RuleAnswer{}), "per delivery"},
		"bad second answer":       {sequence(PerOrder, RuleAnswer{}, RuleAnswer{Status: 7}), "answer 2"},
		"answers of a fixed":      {changed(func(r *Rule) { r.Params.Answers = make([]RuleAnswer, 1) }), "only a sequence"},
		"answer of a sequence":    {Rule{Kind: RuleSequence, Params: RuleParams{Answer: RuleAnswer{Status: 200}, Answers: make([]RuleAnswer, 1)}}, "in its list"},
		"hold":                    {holdRule(MaxHold, RuleAnswer{Status: 503}), ""},
		"hold for the usual time": {holdRule(0, RuleAnswer{}), ""},
		"hold for too long":       {holdRule(MaxHold+1, RuleAnswer{}), "10 minutes"},
		"hold backwards":          {holdRule(-1, RuleAnswer{}), "10 minutes"},
		"hold with a bad answer":  {holdRule(0, RuleAnswer{Status: 7}), "200 to 599"},
		"time of a fixed":         {changed(func(r *Rule) { r.Params.For = 1 }), "only a hold"},
		"drop":                    {dropRule(DropReset), ""},
		"drop somehow":            {dropRule("moon"), "close, reset, half or never, not"},
		"drop without a way":      {dropRule(""), "is missing"},
		"drop with an answer":     {Rule{Kind: RuleDrop, Params: RuleParams{Drop: DropHalf, Answer: RuleAnswer{Status: 200}}}, "gives no answer"},
		"drop of a fixed":         {changed(func(r *Rule) { r.Params.Drop = DropHalf }), "only a drop"},
		"forward":                 {forwardRule(false, RuleAnswer{}), ""},
		"forward nowhere":         {Rule{Kind: RuleForward}, "URL"},
		"forward of a fixed":      {changed(func(r *Rule) { r.Params.Forward.Observe = true }), "only a forward"},
		"delay of a hold":         {Rule{Kind: RuleHold, Params: RuleParams{Delay: 1}}, "only a delayed rule"},
		"filter":                  {changed(func(r *Rule) { r.Filter = "provider:klix -body:x" }), ""},
		"bad filter":              {changed(func(r *Rule) { r.Filter = "provider:klix (" }), "at character 1"},
		"filter on the answer":    {changed(func(r *Rule) { r.Filter = "method:PUT or status:5xx" }), "at character 15: status is not known"},
		"filter on a flag":        {changed(func(r *Rule) { r.Filter = "-pinned" }), "pinned is not known"},
		"filter on the attempt":   {changed(func(r *Rule) { r.Filter = "attempt:>1" }), "attempt is not known"},
		"endpoint":                {changed(func(r *Rule) { r.Endpoint = "/klix/*" }), ""},
		"no endpoint":             {changed(func(r *Rule) { r.Endpoint = "klix" }), "must begin with /"},
		"long name":               {changed(func(r *Rule) { r.Name = strings.Repeat("x", 201) }), "name is longer"},
		"hidden name":             {changed(func(r *Rule) { r.Name = "a\u202eb" }), "cannot be seen"},
		"negative count":          {changed(func(r *Rule) { r.End.Count = -1 }), "less than one"},
	} {
		err := tt.rule.Check()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
		if err != nil && !errors.Is(err, ErrRule) {
			t.Errorf("%s: %v does not wrap ErrRule", name, err)
		}
	}
}

func TestRuleCheckSaysWhere(t *testing.T) {
	r := fixedRule(1, 200)
	r.Filter = "method:PUT foo:bar"
	var filter *FilterError
	if err := r.Check(); !errors.As(err, &filter) || filter.At != 11 || filter.End != 14 {
		t.Errorf("filter: %+v, %v", filter, err)
	}
	r = answering(RuleAnswer{Status: 200, Body: "é {{x}}"})
	var template *TemplateError
	if err := r.Check(); !errors.As(err, &template) || template.At != 3 || template.End != 8 {
		t.Errorf("template: %+v, %v", template, err)
	}
}

func TestRuleFails(t *testing.T) {
	for _, tt := range []struct {
		rule Rule
		want bool
	}{
		{fixedRule(1, 200), false},
		{fixedRule(1, 399), false},
		{fixedRule(1, 400), true},
		{fixedRule(1, 503), true},
		{Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "komet-0", Failing: true}}}, true},
		{Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "200"}}}, false},
		{Rule{Kind: RuleDelayed, Params: RuleParams{Delay: time.Second}}, false},
		{Rule{Kind: RuleDelayed, Params: RuleParams{Delay: time.Second, Answer: RuleAnswer{Status: 500}}}, true},
		{Rule{Kind: RuleSequence, Params: RuleParams{Answers: []RuleAnswer{{Status: 200}, {Status: 503}}}}, true},
		{Rule{Kind: RuleSequence, Params: RuleParams{Answers: []RuleAnswer{{}, {Status: 200}}}}, false},
		{holdRule(0, RuleAnswer{}), true},
		{dropRule(DropHalf), true},
		{forwardRule(false, RuleAnswer{}), false},
		{forwardRule(false, RuleAnswer{Status: 503}), false},
		{forwardRule(true, RuleAnswer{}), false},
		{forwardRule(true, RuleAnswer{Status: 503}), true},
	} {
		if got := tt.rule.Fails(); got != tt.want {
			t.Errorf("%s: %v", tt.rule.Words(), got)
		}
	}
}

func TestRuleWords(t *testing.T) {
	now := time.Date(2026, 11, 21, 14, 1, 0, 0, time.UTC)
	with := func(r Rule, end RuleEnd) Rule {
		r.End = end
		return r
	}
	sequence := func(per RulePer, statuses ...int) Rule {
		r := Rule{Kind: RuleSequence, Params: RuleParams{Per: per}}
		for _, status := range statuses {
			r.Params.Answers = append(r.Params.Answers, RuleAnswer{Status: status})
		}
		return r
	}
	delayed := func(head, body time.Duration, a RuleAnswer) Rule {
		return Rule{Kind: RuleDelayed, Params: RuleParams{Delay: head, DelayBody: body, Answer: a}}
	}
	for _, tt := range []struct {
		rule Rule
		want string
	}{
		{fixedRule(1, 503), "answers 503"},
		{with(fixedRule(1, 503), RuleEnd{Count: 20, Used: 8, Until: now.Add(30 * time.Minute)}), "answers 503, 12 left, until 14:31"},
		{with(fixedRule(1, 503), RuleEnd{Until: now.Add(11 * time.Hour)}), "answers 503, until 01:01"},
		{with(fixedRule(1, 503), RuleEnd{Until: now.Add(48 * time.Hour)}), "answers 503, until 2026-11-23 14:01"},
		{with(fixedRule(1, 503), RuleEnd{Quit: true}), "answers 503, until Hookglass quits"},
		{with(fixedRule(1, 503), RuleEnd{Until: now}), "answers 503, ended"},
		{with(fixedRule(1, 503), RuleEnd{Count: 3, Used: 3}), "answers 503, ended"},
		{Rule{Kind: RulePreset, Params: RuleParams{Answer: RuleAnswer{Preset: "komet-0", Message: "no \u202estock"}}}, `answers with the preset komet-0 and "no \u202estock"`},
		{delayed(2*time.Second, 0, RuleAnswer{}), "answers as ever 2s late"},
		{delayed(0, time.Second, RuleAnswer{Status: 200}), "answers 200 with the body 1s after the head"},
		{delayed(2*time.Second, time.Second, RuleAnswer{Status: 200}), "answers 200 2s late, the body 1s after the head"},
		{holdRule(0, RuleAnswer{}), "holds for 30s, then answers as ever"},
		{holdRule(MaxHold, RuleAnswer{Status: 200}), "holds for 10m, then answers 200"},
		{holdRule(90*time.Second, RuleAnswer{Preset: "503"}), "holds for 1m30s, then answers with the preset 503"},
		{with(dropRule(DropClose), RuleEnd{Count: 2}), "closes the connection before answering, 2 left"},
		{dropRule(DropReset), "resets the connection instead of answering"},
		{dropRule(DropHalf), "breaks off halfway through the answer"},
		{dropRule(DropNever), "never answers"},
		{sequence("", 503, 503, 200), "answers 503, 503, 200 in turn to each delivery"},
		{sequence(PerOrder, 503, 200), "answers 503, 200 in turn to each order"},
		{sequence(PerAll, 503, 503, 503), "answers 3 × 503 in turn"},
		{sequence(PerAll, 500, 501, 500, 501, 500, 501, 500, 501, 500, 501, 200), "answers 500, 501, 500, 501, 500, 501, 500, 501, …, 200 in turn"},
	} {
		if got := tt.rule.words(now); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// TestRuleParamsAreKept guards what the store has on disk.
func TestRuleParamsAreKept(t *testing.T) {
	want := RuleParams{
		Answer: RuleAnswer{Status: 503, Header: Fields{{"x-ODD", "1"}, {"x-ODD", "2"}}, Body: "{{order}}", Plain: true},
		Delay:  2 * time.Second, DelayBody: time.Second,
		Answers: []RuleAnswer{{Preset: "komet-0", Message: "no", Failing: true}, {BodyBase64: "YQ=="}, {BodyFile: "/a"}, {}},
		Per:     PerOrder,
		For:     time.Minute,
		Forward: Forwarding{URL: "http://localhost:3000", KeepPath: true, Observe: true, Proven: true, Timeout: time.Second},
		Drop:    DropHalf,
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const kept = `{"answer":{"status":503,"header":[{"name":"x-ODD","value":"1"},{"name":"x-ODD","value":"2"}],"body":"{{order}}","plain":true},` +
		`"delay":2000000000,"delay_body":1000000000,` +
		`"answers":[{"preset":"komet-0","message":"no","failing":true},{"body_base64":"YQ=="},{"body_file":"/a"},{}],"per":"order",` +
		`"for":60000000000,"forward":{"url":"http://localhost:3000","keep_path":true,"observe":true,"proven":true,"timeout":1000000000},"drop":"half"}`
	if string(text) != kept {
		t.Errorf("got  %s\nwant %s", text, kept)
	}
	var got RuleParams
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read back: %+v, %v", got, err)
	}
	if text, _ := json.Marshal(RuleParams{}); string(text) != "{}" {
		t.Errorf("nothing is %s", text)
	}
}
