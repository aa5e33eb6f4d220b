//go:build race

package ui

// galleryLooks are the appearances that the galleries draw: the race detector has
// nothing more to see in the second, and makes them eight times as slow.
var galleryLooks = []string{"dark"}
