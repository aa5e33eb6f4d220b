//go:build !race

package ui

// galleryLooks are the appearances that the galleries draw, and gallerySizes how
// many sizes of the window at the most.
var galleryLooks = []string{"dark", "light"}

const gallerySizes = 100
