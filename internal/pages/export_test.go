package pages

// Titles are the headings of the error pages by status, for tests.
var Titles = titles
