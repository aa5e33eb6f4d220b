//go:build race

package ui

// galleryLooks are the appearances that the galleries draw, and gallerySizes how
// many sizes of the window: the race detector has nothing more to see in the others,
// and makes each eight times as slow. make gallery draws all.
var galleryLooks = []string{"dark"}

const gallerySizes = 1
