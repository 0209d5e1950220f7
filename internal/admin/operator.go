package admin

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"parley/internal/auth"
	"parley/internal/chat"
	"parley/internal/problem"
)

// An Operator answers the operator's commands: JSON over HTTP, without cookies. Whoever can reach it may do everything, so
// it belongs on a unix socket that only the server's own user can open, or in the process of the command itself.
type Operator struct {
	admin  *chat.Admin
	logger *slog.Logger
	mux    *http.ServeMux
}

// NewOperator makes an Operator; logger may be nil for slog.Default.
func NewOperator(admin *chat.Admin, logger *slog.Logger) *Operator {
	if logger == nil {
		logger = slog.Default()
	}
	o := &Operator{admin: admin, logger: logger, mux: http.NewServeMux()}
	for pattern, handle := range map[string]func(r *http.Request, c Command) (any, error){
		"GET /operator/admins":           o.list,
		"POST /operator/admins":          o.create,
		"POST /operator/admins/password": o.setPassword,
		"POST /operator/admins/remove":   o.remove,
		"POST /operator/reset-link":      o.resetLink,
		"POST /operator/lockdown":        o.lockDown,
	} {
		o.mux.Handle(pattern, o.answer(handle))
	}
	return o
}

// Handle adds a command of another part under a pattern of http.ServeMux. It must be called before the first request.
func (o *Operator) Handle(pattern string, h http.Handler) { o.mux.Handle(pattern, h) }

// ServeHTTP answers a command. It asks nobody for permission: reaching it is the permission.
func (o *Operator) ServeHTTP(w http.ResponseWriter, r *http.Request) { o.mux.ServeHTTP(w, r) }

// A Command is what the commands about administrators, and about the lockdown, are given.
type Command struct {
	Name     string    `json:"name"`
	Role     chat.Role `json:"role,omitempty"` // "" for owner while there is none, else administrator
	Password string    `json:"password,omitempty"`
	Existing bool      `json:"existing,omitempty"` // an account of that name is meant, not a new one

	Lockdown chat.Lockdown `json:"lockdown,omitempty"` // of the command about it alone
	Why      string        `json:"why,omitempty"`
}

// An Administrator is what the commands tell of somebody.
type Administrator struct {
	ID          chat.UserID `json:"id"`
	Name        string      `json:"name"`
	Role        chat.Role   `json:"role,omitempty"`
	Deactivated bool        `json:"deactivated,omitempty"`
	SeenAt      int64       `json:"seen_at,omitempty"` // unix ms
}

func told(u chat.User) Administrator {
	return Administrator{ID: u.ID, Name: u.Name, Role: u.Role, Deactivated: u.Deactivated, SeenAt: u.SeenAt}
}

func (o *Operator) answer(handle func(r *http.Request, c Command) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c Command
		if r.Method == http.MethodPost {
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&c); err != nil {
				problem.Write(w, r, o.logger, chat.Errorf(chat.BadFrame, "", "The command is not the JSON expected.").Because(err))
				return
			}
		}
		result, err := handle(r, c)
		if err != nil {
			problem.Write(w, r, o.logger, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(result); err != nil && r.Context().Err() == nil {
			o.logger.Warn("answering a command", "route", r.Pattern, "error", err)
		}
	})
}

func (o *Operator) list(r *http.Request, _ Command) (any, error) {
	users, err := o.admin.Administrators(r.Context())
	list := []Administrator{}
	for _, u := range users {
		list = append(list, told(u))
	}
	return list, err
}

func (o *Operator) create(r *http.Request, c Command) (any, error) {
	appointment := chat.Appointment{Name: c.Name, Role: c.Role, Existing: c.Existing}
	if c.Password != "" || !c.Existing {
		var err error
		if appointment.Password, err = auth.Hash(r.Context(), c.Password); err != nil {
			return nil, err
		}
	}
	user, err := o.admin.Appoint(r.Context(), appointment)
	if e, ok := errors.AsType[*chat.Error](err); ok && e.Kind == chat.NameTaken && e.Suggestion != "" {
		e.Message = "Somebody is called that here already. An account of that name can be meant by --existing."
	}
	return told(user), err
}

func (o *Operator) setPassword(r *http.Request, c Command) (any, error) {
	hash, err := auth.Hash(r.Context(), c.Password)
	if err != nil {
		return nil, err
	}
	user, err := o.admin.SetPassword(r.Context(), c.Name, hash)
	return told(user), err
}

func (o *Operator) remove(r *http.Request, c Command) (any, error) {
	user, err := o.admin.Dismiss(r.Context(), c.Name)
	return told(user), err
}

// A LockedDown tells which level was in force and which one is now.
type LockedDown struct {
	Was chat.Lockdown `json:"was"`
	Is  chat.Lockdown `json:"is"`
}

func (o *Operator) lockDown(r *http.Request, c Command) (any, error) {
	was, err := o.admin.LockDown(r.Context(), c.Lockdown, c.Why)
	return LockedDown{Was: was, Is: c.Lockdown}, err
}

// A ResetLink is a link to a new password, for an operator to hand out.
type ResetLink struct {
	Name string `json:"name"`
	Path string `json:"path"` // with its token, to be put behind the server's address
}

func (o *Operator) resetLink(r *http.Request, c Command) (any, error) {
	user, path, err := o.admin.OperatorResetLink(r.Context(), c.Name)
	return ResetLink{user.Name, path}, err
}
