// Package web carries the browser client: the built files of web/dist, embedded, under addresses that change whenever
// their content does, so that browsers may keep them for ever.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed dist
var dist embed.FS

// Prefix is where the assets live.
const Prefix = "/-/assets/"

// contentTypes of all that is ever in dist; a file of another kind is an error of New.
var contentTypes = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".woff2": "font/woff2",
	".json":  "application/json",
}

// Assets are the embedded files, ready to be served. They never change after New and are safe for concurrent use.
type Assets struct {
	urls  map[string]string // address by name
	files map[string]file   // by address
}

// A file is kept as it is sent.
type file struct {
	contentType string
	plain       []byte
	gzipped     []byte // nil when compressing does not make it smaller
}

// New reads the embedded files, names each by its content and compresses it.
func New() (*Assets, error) {
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		return nil, err
	}
	assets := &Assets{urls: map[string]string{}, files: map[string]file{}}
	for _, entry := range entries {
		data, err := fs.ReadFile(dist, path.Join("dist", entry.Name()))
		if err != nil {
			return nil, err
		}
		if err := assets.add(entry.Name(), data); err != nil {
			return nil, err
		}
	}
	return assets, nil
}

func (a *Assets) add(name string, data []byte) error {
	extension := path.Ext(name)
	contentType, ok := contentTypes[extension]
	if !ok {
		return fmt.Errorf("web: %s is of no known content type", name)
	}
	sum := sha256.Sum256(data)
	url := Prefix + strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:6]) + extension
	compressed, err := compress(data)
	if err != nil {
		return fmt.Errorf("web: compress %s: %w", name, err)
	}
	if len(compressed) >= len(data) {
		compressed = nil
	}
	a.urls[name] = url
	a.files[url] = file{contentType: contentType, plain: data, gzipped: compressed}
	return nil
}

func compress(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// URL gives the address of a file of dist, "/-/assets/app.0123456789ab.js" for "app.js", or "" if there is no such file.
func (a *Assets) URL(name string) string {
	return a.urls[name]
}

// ServeHTTP answers GET and HEAD for the addresses that URL gives, to be kept by browsers for a year, and 404 for any other.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD here.", http.StatusMethodNotAllowed)
		return
	}
	found, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	body := found.plain
	header := w.Header()
	if found.gzipped != nil {
		header.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Values("Accept-Encoding")) {
			header.Set("Content-Encoding", "gzip")
			body = found.gzipped
		}
	}
	header.Set("Content-Type", found.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client is gone if this fails
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip named, or else "*", with a weight above zero.
func acceptsGzip(values []string) bool {
	star := false
	for value := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, parameters, _ := strings.Cut(value, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), "q="); ok {
			parsed, err := strconv.ParseFloat(q, 64)
			if err != nil {
				parsed = 0
			}
			weight = parsed
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return weight > 0
		case "*":
			star = weight > 0
		}
	}
	return star
}
