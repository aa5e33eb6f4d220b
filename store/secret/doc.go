// Package secret keeps configured secrets: in the keyring of the operating
// system, or else in a file of mode 0600 in the data folder. A value in the
// environment wins over both.
//
// A keyring cannot be listed. So the file, secrets.json, also holds the names
// and labels of what the keyring holds, and only where there is no keyring the
// values themselves.
//
// Every call of the keyring is given two seconds, on a goroutine of its own. A
// keyring that does not answer in time (one that asks for a password on a screen
// that nobody sees) is not asked again by this Store: values go to the file.
// The call that was given up cannot be stopped. When a Set ends well after that,
// the keyring holds a value that the file holds too; the index says "file", so
// the file's value is the one that counts, and a later Set or Remove, in a
// process whose keyring answers, removes the keyring's as well. What the keyring
// holds by the index cannot be read while it does not answer: All says so in its
// error and returns all the other values with it.
//
// A Store is safe for concurrent use, and several processes may write at once: a
// lock file guards each change. Values never appear in errors.
package secret
