package store_test

import (
	"testing"

	"parley/internal/chat"
	"parley/internal/store"
)

// An opener opens a fresh store that runs until the test ends. Config.Path is the opener's to choose.
type opener func(t testing.TB, config store.Config) chat.Store

// conformance holds a store to every promise of chat.Store. A second database adds one line to TestConformance.
func conformance(t *testing.T, open opener) {
	for name, test := range map[string]func(*testing.T, opener){
		"a command is all or nothing":   testCommands,
		"commands share a commit":       testGroupCommit,
		"commands nobody waits for":     testSubmit,
		"users":                         testUsers,
		"new names":                     testRename,
		"sessions":                      testSessions,
		"sessions of a user":            testSessionsOf,
		"e-mail addresses":              testEmails,
		"links":                         testLinks,
		"rooms":                         testRooms,
		"the end of a room":             testDeleteRoom,
		"members":                       testMembers,
		"who is in rooms":               testRoomFolk,
		"large texts":                   testLargeTexts,
		"authors who never joined":      testAuthors,
		"swallowed errors":              testSwallowed,
		"large rooms":                   testLargeRooms,
		"messages":                      testMessages,
		"keys":                          testKeys,
		"posts put aside":               testAside,
		"authors":                       testByAuthor,
		"changes of long ago":           testOldChanges,
		"pages":                         testPages,
		"versions under concurrency":    testConcurrency,
		"catching up":                   testChanges,
		"resumed is the same as fresh":  testResume,
		"snapshots are of one moment":   testSnapshots,
		"logs of users and of a server": testTell,
		"imports":                       testImports,
		"passkeys":                      testPasskeys,
		"identities":                    testIdentities,
		"moderation":                    testModeration,
		"reports":                       testReports,
		"what waits for approval":       testHeld,
		"messages that jobs come by":    testDoomed,
		"invitations":                   testInvites,
		"what is somebody's own":        testMyData,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

func TestConformance(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		conformance(t, func(t testing.TB, config store.Config) chat.Store { return start(t, config) })
	})
	t.Run("sqlite, whose indices follow closely", func(t *testing.T) {
		conformance(t, func(t testing.TB, config store.Config) chat.Store { return start(t, config, shortTails) })
	})
	t.Run("sqlite, to which keys look alike", func(t *testing.T) {
		defer store.CollideKeys()()
		conformance(t, func(t testing.TB, config store.Config) chat.Store { return start(t, config, shortTails) })
	})
}
