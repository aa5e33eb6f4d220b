package redact

import (
	"bytes"

	"hookglass/capture"
)

// head writes the raw head of a request as its method, target and fields are now. Lines that
// did not change keep their bytes. A head that is none, as of a refused request, is
// looked at line by line.
func (w *exchangeWalk) head(r, now *capture.Request, fields *rewritten) []byte {
	if len(r.Head) == 0 {
		return r.Head
	}
	w.lines = headLines(w.lines[:0], r.Head)
	lines := w.lines
	if len(lines) != len(fields.old)+1 || !bytes.Contains(lines[0], []byte(r.Target)) {
		return w.rawHead(lines)
	}
	if now.Target == r.Target && now.Method == r.Method && !fields.changed {
		return r.Head
	}
	out := make([]byte, 0, len(r.Head)+64)
	first, ok := bytes.CutPrefix(lines[0], []byte(r.Method))
	if !ok {
		return w.rawHead(lines)
	}
	out = append(append(out, now.Method...), bytes.Replace(first, []byte(r.Target), []byte(now.Target), 1)...)
	for i, line := range lines[1:] {
		switch {
		case !fields.changed || fields.now[i] == fields.old[i] && !fields.isGone(i):
			out = append(out, line...)
		case !fields.isGone(i):
			out = append(append(append(out, fields.now[i].Name...), ": "...), fields.now[i].Value...)
			out = append(out, lineEnd(line)...)
		}
	}
	return append(out, r.Head[lengthOf(lines):]...)
}

// headLines are the request line and the fields of a head, each with the lines that
// it is folded over. The empty line behind them is none.
func headLines(lines [][]byte, head []byte) [][]byte {
	at := 0
	for at < len(head) && (head[at] == '\r' || head[at] == '\n') {
		at++
	}
	from := 0
	for at < len(head) {
		end := len(head)
		if n := bytes.IndexByte(head[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		if head[at] == '\r' || head[at] == '\n' {
			if len(bytes.TrimRight(head[at:end], "\r\n")) == 0 {
				break
			}
		}
		if n := len(lines); n > 1 && (head[at] == ' ' || head[at] == '\t') {
			lines[n-1] = head[from:end]
		} else {
			if n > 0 {
				from = at
			}
			lines = append(lines, head[from:end])
		}
		at = end
	}
	return lines
}

func lengthOf(lines [][]byte) int {
	n := 0
	for _, line := range lines {
		n += len(line)
	}
	return n
}

func lineEnd(line []byte) []byte {
	return line[len(bytes.TrimRight(line, "\r\n")):]
}

// rawHead looks at lines that are no head that could be read.
func (w *exchangeWalk) rawHead(lines [][]byte) []byte {
	var out []byte
	for i, line := range lines {
		text, end := line[:len(line)-len(lineEnd(line))], lineEnd(line)
		name, value, ok := bytes.Cut(text, []byte(":"))
		if i == 0 || !ok {
			now, _ := w.take("head", text, append(w.leaf(text, ""), w.requestLine(text)...))
			out = append(append(out, now...), end...)
			continue
		}
		start, _ := w.take("head", name, w.fieldName(name))
		now, _ := w.take("head "+string(name), value, w.header(string(bytes.TrimSpace(name)), value))
		out = append(append(append(append(out, start...), ':'), now...), end...)
	}
	return append(out, "\r\n"...)
}

// requestLine looks at the query of what may be a request line.
func (w *exchangeWalk) requestLine(line []byte) []edit {
	from := bytes.IndexByte(line, '?')
	if from < 0 {
		return nil
	}
	to := len(line)
	if n := bytes.IndexByte(line[from:], ' '); n >= 0 {
		to = from + n
	}
	return shifted(w.form(line[from+1:to], true), from+1)
}
