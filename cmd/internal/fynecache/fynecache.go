// Package fynecache makes Fyne forget the textures of texts 15 seconds after
// they were last drawn, instead of a minute: under live traffic that halves the
// window's memory. Below 10 seconds Fyne would walk the whole tree at every
// frame.
//
// Fyne reads the variable while packages are initialised, so that main is too
// late. This package imports nothing but os, and Go initialises packages in the
// order of their paths as soon as their imports are: "hookglass/…" comes before
// what Fyne's cache needs ("image", "net/url").
package fynecache

import "os"

const variable = "FYNE_CACHE"

var _ = shorten()

func shorten() error {
	if os.Getenv(variable) != "" {
		return nil
	}
	return os.Setenv(variable, "15s")
}
