package viewmodel

// maxCopy bounds what goes to the clipboard: an X server ends a program that
// hands it 16 MB at once, and nobody pastes that much.
const maxCopy = 8 << 20

// copy puts a text on the clipboard and says so; or says that it is too long for
// one, and reports false.
func (a *App) copy(text, said string) bool {
	if len(text) > maxCopy {
		a.Notices.Say(Warn, "Not copied: "+byteCount(int64(len(text)))+" are too much for the clipboard. The body can be saved to a file.", "", nil)
		return false
	}
	a.Screen.Copy(text)
	a.Notices.Say(Good, said, "", nil)
	return true
}
