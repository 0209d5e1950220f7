//go:build !fault

package main

// A program without failpoints has none to name.
const faultVariable = ""

var failpoints, beginnings []string
