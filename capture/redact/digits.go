package redact

const (
	shortestPhone = 8  // digits of an international number
	longestPhone  = 15 // E.164
	shortestCard  = 13
	longestCard   = 19
	shortestIBAN  = 15
	longestIBAN   = 34
)

// grouped reads digits in groups, with at most one separator between two, and
// returns them and where they end.
func grouped(room *[longestCard + 1]byte, text []byte, from, most int, separators string) (digits []byte, to int) {
	digits = room[:0]
	to = from
	gap := false
	for i := from; i < len(text) && len(digits) <= most; i++ {
		c := text[i]
		if classes[c]&isDigit != 0 {
			digits = append(digits, c)
			to, gap = i+1, false
			continue
		}
		if gap && c != '(' && c != ')' || !contains(separators, c) {
			break
		}
		gap = true
	}
	return digits, to
}

func contains(set string, c byte) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}

// phones finds numbers in the international form, +371 20 000 000.
func (w *walk) phones(edits []edit, text []byte) []edit {
	var room [longestCard + 1]byte
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '+' || i > 0 && classes[text[i-1]]&(isLetter|isDigit) != 0 {
			continue
		}
		digits, to := grouped(&room, text, i+1, longestPhone, " -.()/")
		if n := len(digits); n >= shortestPhone && n <= longestPhone && digits[0] != '0' {
			edits = w.replace(edits, text, i, to, kindPhone)
			w.plainPhone(digits)
			i = to - 1
		}
	}
	return edits
}

// plainPhone learns a number without what is between its groups, with its plus and
// without: many leave that out, and in a query it is read as a space.
func (w *walk) plainPhone(digits []byte) {
	if w.learning {
		var room [longestCard + 2]byte
		w.r.learn(append(append(room[:0], '+'), digits...), kindPhone)
		w.r.learn(digits, kindPhone)
	}
}

// cards finds numbers of payment cards: those whose last digit is right.
func (w *walk) cards(edits []edit, text []byte) []edit {
	var room [longestCard + 1]byte
	for i := 0; i < len(text); i++ {
		if classes[text[i]]&(isDigit|isLetter) == 0 {
			continue
		}
		if classes[text[i]]&isLetter != 0 {
			i = wordEnd(text, i)
			continue
		}
		digits, to := grouped(&room, text, i, longestCard, " -")
		if to < len(text) && classes[text[to]]&(isDigit|isLetter) != 0 {
			i = wordEnd(text, i)
			continue
		}
		if n := len(digits); n >= shortestCard && n <= longestCard && digits[0] >= '2' && digits[0] <= '6' && luhn(digits) {
			edits = w.replace(edits, text, i, to, kindAccount)
			i = to - 1
		} else {
			i = wordEnd(text, i)
		}
	}
	return edits
}

// wordEnd is where the letters and digits end of which one stands at text[i].
func wordEnd(text []byte, i int) int {
	for i < len(text) && classes[text[i]]&(isDigit|isLetter) != 0 {
		i++
	}
	return i
}

// luhn checks the last digit of a card's number.
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ibans finds numbers of bank accounts, in one piece or in groups of four.
func (w *walk) ibans(edits []edit, text []byte) []edit {
	for i := 0; i+shortestIBAN <= len(text); i++ {
		if classes[text[i]]&isLetter == 0 || classes[text[i+1]]&isLetter == 0 ||
			classes[text[i+2]]&isDigit == 0 || classes[text[i+3]]&isDigit == 0 ||
			i > 0 && classes[text[i-1]]&(isLetter|isDigit) != 0 {
			continue
		}
		if to := ibanEnd(text, i); to > 0 {
			edits = w.replace(edits, text, i, to, kindAccount)
			i = to - 1
		}
	}
	return edits
}

// ibanEnd returns where the longest account number at text[from:] ends whose check
// digits are right; 0 where there is none.
func ibanEnd(text []byte, from int) int {
	var room [longestIBAN]byte
	plain := room[:0]
	end := 0
	for i := from; i < len(text) && len(plain) < longestIBAN; i++ {
		c := text[i]
		switch {
		case classes[c]&(isLetter|isDigit) != 0:
			plain = append(plain, c)
		case c == ' ' && i+1 < len(text) && text[i+1] != ' ' && len(plain)%4 == 0:
			continue
		default:
			i = len(text)
			continue
		}
		next := i + 1
		if len(plain) >= shortestIBAN && (next == len(text) || classes[text[next]]&(isLetter|isDigit) == 0) && mod97(plain) == 1 {
			end = next
		}
	}
	return end
}

// mod97 is the remainder by which an account number is checked (ISO 7064).
func mod97(iban []byte) int {
	rest := 0
	for _, part := range [...][]byte{iban[4:], iban[:4]} {
		for _, c := range part {
			if c >= '0' && c <= '9' {
				rest = (rest*10 + int(c-'0')) % 97
			} else {
				rest = (rest*100 + int(c|0x20-'a') + 10) % 97
			}
		}
	}
	return rest
}
