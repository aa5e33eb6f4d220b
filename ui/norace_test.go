//go:build !race

package ui

// galleryLooks are the appearances that the galleries draw.
var galleryLooks = []string{"dark", "light"}
