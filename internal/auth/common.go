package auth

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
)

// commonPasswords are the 10,000 most used passwords of at least MinPassword characters, in lower case, one a line: those
// of @zxcvbn-ts/language-common 4.1.3, whose licence stands beside them.
//
//go:embed common-passwords.txt.gz
var commonPasswords []byte

// wellKnown are the common passwords, and some that this server's name suggests.
var wellKnown = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{
		"parley": true, "parleyparley": true, "passwordpassword": true, "correct horse battery staple": true, "correcthorsebatterystaple": true,
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(commonPasswords))
	if err != nil {
		panic(err) // it is part of the program
	}
	list, err := io.ReadAll(unpacked)
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(list)) {
		known[strings.TrimSpace(line)] = true
	}
	return known
})

var runs = []string{
	"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
	"qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
}

// common reports whether a password is among those that are tried first: one or two characters repeated, a run of
// neighbours, or a well-known one, whatever its case and the digits and marks that were put behind it.
func common(password string) bool {
	p := strings.ToLower(password)
	distinct := map[rune]bool{}
	for _, r := range p {
		distinct[r] = true
	}
	if len(distinct) <= 2 {
		return true
	}
	for _, run := range runs {
		if strings.Contains(run, p) {
			return true
		}
	}
	return wellKnown()[p] || wellKnown()[bare(p)] || short[bare(p)]
}

// bare is a password without the digits and marks behind it.
func bare(p string) string { return strings.TrimRight(p, "0123456789!.?*#@$_-") }

// short are words that are too short to be in the list, and that people make longer by digits.
var short = map[string]bool{
	"admin": true, "dragon": true, "letmein": true, "master": true, "monkey": true, "parley": true, "secret": true, "qwerty": true,
	"welcome": true, "trustno": true, "shadow": true, "summer": true, "winter": true, "spring": true, "autumn": true, "hello": true, "abc": true,
	"test": true, "user": true, "pass": true, "passwd": true, "passwort": true, "chat": true, "root": true, "login": true,
}

// personal reports whether a password is no more than a word about its owner, a name or an address, with digits and marks behind it.
func personal(password string, about []string) bool {
	p := strings.ToLower(password)
	for _, word := range about {
		word = strings.ToLower(strings.TrimSpace(word))
		local, _, _ := strings.Cut(word, "@")
		if word != "" && (p == word || bare(p) == word || bare(p) == local || bare(p) == local+local) {
			return true
		}
	}
	return false
}
