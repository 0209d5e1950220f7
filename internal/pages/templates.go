package pages

import (
	"embed"
	"html/template"
	"strings"
)

//go:embed templates
var files embed.FS

// parseTemplates reads every page's template together with the frame around it.
func parseTemplates(asset func(name string) string) (map[string]*template.Template, error) {
	frame, err := template.New("frame").Funcs(template.FuncMap{"asset": asset}).ParseFS(files, "templates/frame.html")
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
		if name == "frame" {
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
