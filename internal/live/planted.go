package live

import "parley/internal/fault"

// trusting is the planted mistake that a cursor goes on although its reader may not read any more. It is off in any other build.
const trusting = fault.Planted == fault.TrustedCursor
