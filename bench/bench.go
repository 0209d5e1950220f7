// Bench measures Parley, beside references that it builds in the same run, and audits everything that was acknowledged.
// "make bench" runs all of it; docs/benchmarks.md is what it wrote last.
package main
