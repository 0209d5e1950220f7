package importer

// What the tests look at directly.
var RoomName = roomName

const MaxName = maxName
