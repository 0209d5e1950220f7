package importer_test

import (
	"context"
	"runtime"
	"testing"

	"parley/internal/importer"
)

// BenchmarkImport imports a large source afresh, and then again when nothing has changed in it.
func BenchmarkImport(b *testing.B) {
	const messages = 1_000_000
	f := newFixture(b)
	f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
		INSERT INTO ChatApp_room (room_name) SELECT 'room ' || i FROM n`)
	f.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO ChatApp_message (sender, message, room_id)
		SELECT 'person ' || (i % 997), 'This is the message with the number ' || i || ', said in some room.', 1 + (i * 7919) % 100 FROM n`,
		messages)
	f.close()
	for b.Loop() {
		s := newStore(b, nil)
		for _, run := range []string{"first", "again"} {
			source, err := importer.Open(context.Background(), f.path)
			if err != nil {
				b.Fatal(err)
			}
			peak := uint64(0)
			began := b.Elapsed()
			report, err := source.Run(context.Background(), s, func(importer.Progress) {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			})
			if err != nil {
				b.Fatal(err)
			}
			if got := report.Messages.Came + report.Messages.Before; got != messages {
				b.Fatalf("%d messages, want %d", got, messages)
			}
			b.ReportMetric(messages/(b.Elapsed()-began).Seconds(), run+"-messages/s")
			b.ReportMetric(float64(peak)/(1<<20), run+"-MiB")
			source.Close()
		}
	}
}
