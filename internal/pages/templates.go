package pages

import (
	"embed"
	"html/template"
	"strings"
	"time"
)

//go:embed templates
var files embed.FS

// when is a unix time in ms for people; "" for none.
func when(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04")
}

// parseTemplates reads every page's template together with the frame around it, and the parts that several pages have.
func parseTemplates(asset func(name string) string) (map[string]*template.Template, error) {
	frame, err := template.New("frame").Funcs(template.FuncMap{"asset": asset, "when": when}).
		ParseFS(files, "templates/frame.html", "templates/parts/*.html")
	if err != nil {
		return nil, err
	}
	entries, err := files.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	templates := map[string]*template.Template{}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".html")
		if name == "frame" || entry.IsDir() {
			continue
		}
		page, err := frame.Clone()
		if err != nil {
			return nil, err
		}
		if templates[name], err = page.ParseFS(files, "templates/"+entry.Name()); err != nil {
			return nil, err
		}
	}
	return templates, nil
}
