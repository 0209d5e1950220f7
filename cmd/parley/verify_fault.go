//go:build fault

package main

import "parley/internal/fault"

// faultVariable is the variable that names the failpoints.
const faultVariable = "PARLEY_FAULT"

// failpoints are what the strikes of "parley verify" take turns with; internal/fault says what they mean. The verbs stand for
// when the point is struck first and last.
var failpoints = []string{
	string(fault.Commit) + "=crash@%[1]d",
	string(fault.Delivery) + "=crash@%[1]d",
	string(fault.LogWrite) + "=crash@%[1]d",
	string(fault.LogSync) + "=crash@%[1]d",
	string(fault.LogSync) + "=error@%[1]d-%[2]d",
	string(fault.LogWrite) + "=error@%[1]d-%[2]d",
	string(fault.CheckpointWrite) + "=crash@%[1]d",
	string(fault.CheckpointSync) + "=crash",
	string(fault.CheckpointWrite) + "=error@%[1]d-%[2]d",
	string(fault.Clock) + "=jump:24h@%[1]d," + string(fault.Clock) + "=jump:-24h@%[2]d",
}

// beginnings are the failpoints of a server that makes its database.
var beginnings = []string{
	string(fault.Migration) + "=crash@1", string(fault.Migration) + "=crash@5", string(fault.Migration) + "=crash@17",
	string(fault.LogSync) + "=crash@2",
}
