package main

import (
	"fmt"
	"strconv"
	"strings"

	"parley/internal/chat"
)

// The expectations of the matrix, written by hand: what each actor gets in each room, a letter each.
//
//	+ it is done                u unauthenticated    f forbidden    x not found, as if it never was    i invalid
//	s is sent to sign in        j sees the join page, with nothing of the room
//
// Actors are, in this order: nobody, guest, member, non-member, removed, banned, moderator of the room, administrator, deactivated,
// who is nobody to the server. Above the lines stands which letter is whose.

// socketLines are the verbs of the socket.
var socketLines = []line{
	//                  public    private   direct    archived  deleted
	//                  ngmsrboad ngmsrboad ngmsrboad ngmsrboad ngmsrboad
	{route: "ws open", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws close", want: all, body: `{"room":"$room"}`},
	{route: "ws history", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws typing", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws post", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"room":"$room","key":"k$n","text":"said"}`},
	{route: "ws edit", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"room":"$room","number":$number,"version":$version,"text":"changed"}`},
	{route: "ws edit", what: "of others", others: true, want: "ufffffffu xxfxxxfxx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room","number":$number,"version":$version,"text":"changed"}`},
	{route: "ws delete", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffff++u xxxxxxxxx", body: `{"room":"$room","number":$number}`},
	{route: "ws delete", what: "of others", others: true, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","number":$number}`},
	{route: "ws join", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws leave", want: "u++++f++u xx+xxx+xx xxfxxxfxx u++++f++u xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws create", want: each("u+++++++u"), body: `{"kind":"public","name":"new$n"}`, has: "kind"},
	{route: "ws create", what: "a private room", row: chat.Enclose, want: each("uf++++++u"), body: `{"kind":"private","name":"new$n"}`, has: "kind"},
	{route: "ws create", what: "a direct room", row: chat.Direct, want: each("u+++++++u"), body: `{"kind":"direct","users":["$tom"]}`, has: "kind"},
	{route: "ws change", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room","topic":"new"}`, has: "kind"},
	{route: "ws change", what: "archive", row: chat.Archive, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","archived":true}`, has: "kind"},
	{route: "ws change", what: "convert", row: chat.Convert, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room","kind":"private"}`, has: "kind"},
	{route: "ws drop", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws add", want: "uf+fff++u xx+xxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room","users":["$tom"]}`},
	{route: "ws remove", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","user":"$user"}`},
	{route: "ws remove", what: "and ban", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","user":"$user","ban":true}`, acts: true},
	{route: "ws member", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","user":"$user","banned":false}`, has: "role"},
	{route: "ws member", what: "appoint", row: chat.Appoint, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","user":"$user","role":"moderator"}`},
	{route: "ws member", what: "mute", row: chat.Silence, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","user":"$user","muted_until":4102444800000,"why":"noise"}`, has: "role", acts: true},
	{route: "ws members", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx", body: `{"room":"$room"}`},
	{route: "ws members", what: "banned", row: chat.Remove, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"room":"$room","banned":true}`},
	{route: "ws find", want: each("u+++++++u"), body: `{"q":"to"}`},
	{route: "ws report", others: true, want: "u++++f++u xx+xxx+xx xx+xxx+xx u++++f++u xxxxxxxxx", body: `{"room":"$room","number":$number,"why":"spam"}`},
	{route: "ws read", want: "uf+fff++u xx+xxx+xx xx+xxx+xx uf+fff++u xxxxxxxxx", body: `{"room":"$room","number":$number}`},
	{route: "ws notify", want: "uf+fff++u xx+xxx+xx xx+xxx+xx uf+fff++u xxxxxxxxx", body: `{"room":"$room","level":"mentions"}`},
	{route: "ws unread", want: each("u+++++++u"), body: `{"rooms":["$room"]}`},
	{route: "ws people", want: all, body: `{"users":["$user"]}`, acts: true},
	{route: "ws ping", want: all},
}

// roomLines are the routes about a room and its messages.
var roomLines = []line{
	{route: "api GET /api/v1/rooms/{room}", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx"},
	{route: "api POST /api/v1/rooms/{room}/join", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{}`},
	{route: "api POST /api/v1/rooms/{room}/leave", want: "u++++f++u xx+xxx+xx xxfxxxfxx u++++f++u xxxxxxxxx", body: `{}`},
	{route: "api POST /api/v1/rooms/{room}/typing", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"on":true}`},
	{route: "api GET /api/v1/rooms/{room}/messages", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx"},
	{route: "api POST /api/v1/rooms/{room}/messages", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"text":"said"}`},
	{route: "api PATCH /api/v1/rooms/{room}/messages/{number}", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffffffu xxxxxxxxx", body: `{"text":"changed","version":$version}`},
	{route: "api PATCH /api/v1/rooms/{room}/messages/{number}", what: "of others", others: true, want: "ufffffffu xxfxxxfxx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"text":"changed","version":$version}`},
	{route: "api DELETE /api/v1/rooms/{room}/messages/{number}", want: "u++++f++u xx+xxx+xx xx+xxx+xx ufffff++u xxxxxxxxx", body: `{}`},
	{route: "api DELETE /api/v1/rooms/{room}/messages/{number}", what: "of others", others: true, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{}`},
}

// manageLines are the routes about a room itself and who is in it.
var manageLines = []line{
	{route: "api POST /api/v1/rooms", want: each("u+++++++u"), body: `{"kind":"public","name":"new$n"}`, has: "kind"},
	{route: "api POST /api/v1/rooms", what: "private", row: chat.Enclose, want: each("uf++++++u"), body: `{"kind":"private","name":"new$n"}`, has: "kind"},
	{route: "api POST /api/v1/rooms", what: "direct", row: chat.Direct, want: each("u+++++++u"), body: `{"kind":"direct","users":["$tom"]}`, has: "kind"},
	{route: "api PATCH /api/v1/rooms/{room}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"topic":"new"}`, has: "kind"},
	{route: "api PATCH /api/v1/rooms/{room}", what: "rename", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"name":"renamed$n"}`, has: "kind"},
	{route: "api PATCH /api/v1/rooms/{room}", what: "archive", row: chat.Archive, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"archived":true}`, has: "kind"},
	{route: "api PATCH /api/v1/rooms/{room}", what: "convert", row: chat.Convert, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"kind":"private"}`, has: "kind"},
	{route: "api DELETE /api/v1/rooms/{room}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx"},
	{route: "api GET /api/v1/rooms/{room}/members", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx"},
	{route: "api GET /api/v1/rooms/{room}/members", what: "banned", row: chat.Remove, address: "/api/v1/rooms/{room}/members?banned=true", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx"},
	{route: "api POST /api/v1/rooms/{room}/members", want: "uf+fff++u xx+xxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"users":["$tom"]}`},
	{route: "api DELETE /api/v1/rooms/{room}/members/{user}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx"},
	{route: "api DELETE /api/v1/rooms/{room}/members/{user}", what: "and ban", address: "/api/v1/rooms/{room}/members/{user}?ban=true&why=spam", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", acts: true},
	{route: "api PATCH /api/v1/rooms/{room}/members/{user}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"banned":false}`, has: "role"},
	{route: "api PATCH /api/v1/rooms/{room}/members/{user}", what: "appoint", row: chat.Appoint, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"role":"moderator"}`},
	{route: "api PATCH /api/v1/rooms/{room}/members/{user}", what: "mute", row: chat.Silence, want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"muted_until":4102444800000,"why":"noise"}`, has: "role", acts: true},
	{route: "api POST /api/v1/rooms/{room}/read", want: "uf+fff++u xx+xxx+xx xx+xxx+xx uf+fff++u xxxxxxxxx", body: `{"number":$number}`},
	{route: "api POST /api/v1/rooms/{room}/notify", want: "uf+fff++u xx+xxx+xx xx+xxx+xx uf+fff++u xxxxxxxxx", body: `{"level":"mentions"}`},
	{route: "api GET /api/v1/unread", address: "/api/v1/unread?rooms=$room", want: each("u+++++++u")},
}

// moderationLines are the routes of those who keep order, in a room and on the server.
var moderationLines = []line{
	{route: "api POST /api/v1/rooms/{room}/messages/{number}/report", others: true, want: "u++++f++u xx+xxx+xx xx+xxx+xx u++++f++u xxxxxxxxx", body: `{"why":"spam"}`},
	{route: "api GET /api/v1/rooms/{room}/reports", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", also: reported},
	{route: "api POST /api/v1/rooms/{room}/reports/{report}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"decision":"upheld","note":"gone","delete":true}`, also: reported},
	{route: "api GET /api/v1/rooms/{room}/held", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", also: held},
	{route: "api POST /api/v1/rooms/{room}/held/{held}", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffffccu xxxxxxxxx", body: `{"approve":true}`, also: held, posts: true},
	{route: "api GET /api/v1/rooms/{room}/acts", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx"},
	{route: "api POST /api/v1/rooms/{room}/purges", want: "ufffff++u xxfxxx+xx xxfxxxfxx ufffff++u xxxxxxxxx", body: `{"user":"$user","why":"spam"}`, acts: true},

	{route: "api GET /api/v1/reports", want: each("uffffff+u"), sees: true},
	{route: "api POST /api/v1/reports/{report}", want: each("uffffff+u"), body: `{"decision":"upheld","note":"gone"}`, also: reported, sees: true},
	{route: "api PATCH /api/v1/users/{user}", want: each("uffffff+u"), body: `{"muted_until":4102444800000,"why":"noise"}`, acts: true},
	{route: "api POST /api/v1/users/{user}/ban", want: each("uffffff+u"), body: `{"why":"noise"}`, acts: true},
	{route: "api DELETE /api/v1/users/{user}/ban", want: each("uffffff+u"), acts: true},
	{route: "api GET /api/v1/bans", want: each("uffffff+u")},
	{route: "api POST /api/v1/bans", want: each("uffffff+u"), body: `{"network":"203.0.113.$octet","why":"noise"}`},
	{route: "api DELETE /api/v1/bans", address: "/api/v1/bans?network=203.0.113.$octet", want: each("uffffff+u"), also: shut},
	{route: "api GET /api/v1/purges", want: each("uffffff+u")},
	{route: "api POST /api/v1/purges", want: each("uffffff+u"), body: `{"user":"$user","why":"spam"}`, acts: true},
	{route: "api GET /api/v1/settings", want: each("uffffff+u")},
	{route: "api PATCH /api/v1/settings", row: chat.Operate, want: each("uffffff+u"), body: `{"hold_first":false}`},
}

// apiLines are the other routes of the API.
var apiLines = []line{
	{route: "api GET /api/v1/me", want: all},
	{route: "api PATCH /api/v1/me", want: each("u+++++++u"), body: `{"bio":"hello"}`},
	{route: "api GET /api/v1/me/sessions", want: each("u+++++++u")},
	{route: "api DELETE /api/v1/me/sessions/{session}", want: each("u+++++++u")},
	{route: "api DELETE /api/v1/me/sessions/{session}", what: "of others", others: true, want: each("uxxxxxxxu")},
	{route: "api GET /api/v1/users/{user}", want: each("u+++++++u"), acts: true},
	{route: "api GET /api/v1/people", address: "/api/v1/people?ids=$user,$tom", want: all, acts: true},
	{route: "api GET /api/v1/people", what: "by name", row: chat.Meet, address: "/api/v1/people?q=to", want: each("u+++++++u")},
	{route: "api GET /api/v1/rooms", want: all},
	{route: "api GET /api/v1/search", address: "/api/v1/search?q=text", want: all},
	{route: "api GET /api/v1/search", what: "in the room", address: "/api/v1/search?q=text&room=$room", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ xxxxxxxxx"},
	{route: "api GET /api/v1/changes", address: "/api/v1/changes?wait=0&at=$room:0", want: "+++++f+++ xx+xxx+xx xx+xxx+xx +++++f+++ +++++++++"},
	{route: "api POST /api/v1/invites", want: "uf+fff++u xx+xxx+xx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room"}`, has: "role"},
	{route: "api POST /api/v1/invites", what: "to the server", row: chat.Host, want: each("uffffff+u"), body: `{}`, has: "role"},
	{route: "api POST /api/v1/invites", what: "as an administrator", row: chat.Operate, want: "ufffffffu xxfxxxfxx xxfxxxfxx ufffffffu xxxxxxxxx", body: `{"room":"$room","role":"administrator"}`},
	{route: "api GET /api/v1/invites", address: "/api/v1/invites?room=$room", want: "uf+fff++u xx+xxx+xx xxfxxxfxx ufffff++u xxxxxxxxx"},
	{route: "api GET /api/v1/invites", what: "to the server", row: chat.Host, want: each("uffffff+u")},
	{route: "api DELETE /api/v1/invites/{id}", want: "uxxxxx++u xxxxxx+xx xxxxxxxxx uxxxxx++u xxxxxxxxx", also: invited},
	{route: "api /api/", address: "/api/v1/nothing", want: none},
}

// What is the same for everybody everywhere.
const (
	all  = "+++++++++ +++++++++ +++++++++ +++++++++ +++++++++"
	none = "xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx"
)

// each is what everybody gets whatever the room.
func each(letters string) string { return strings.TrimSpace(strings.Repeat(letters+" ", len(places))) }

// reported has Tom report what the actor wrote, or Ana's first where that is nobody.
func reported(_ *world, tx chat.Tx, c *cell) error {
	r := chat.Reported{Room: c.room.ID, Number: 3, By: c.tom.ID, At: chat.Millis(tx.Now()), Why: "spam", Text: "text " + c.canary, State: chat.OpenReport}
	_, err := tx.InsertReport(&r)
	c.id = strconv.FormatInt(r.ID, 10)
	return err
}

// held has something of Ana's wait for approval.
func held(_ *world, tx chat.Tx, c *cell) error {
	h := chat.Held{Room: c.room.ID, By: c.ana.ID, Text: "waiting " + c.canary, At: chat.Millis(tx.Now())}
	err := tx.InsertHeld(&h)
	c.id = strconv.FormatInt(h.ID, 10)
	return err
}

// invited has Ana hand out an invitation to the room.
func invited(_ *world, tx chat.Tx, c *cell) error {
	i := chat.Invitation{Room: c.room.ID, By: c.ana.ID, CreatedAt: chat.Millis(tx.Now()), Hash: fmt.Sprintf("hash%d", c.n)}
	err := tx.InsertInvite(&i)
	c.id = strconv.FormatInt(i.ID, 10)
	return err
}

// shut bans the network that the line is about.
func shut(_ *world, tx chat.Tx, c *cell) error {
	return tx.PutAddressBan(chat.AddressBan{Network: fmt.Sprintf("203.0.113.%d", c.n%250)})
}
