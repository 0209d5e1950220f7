package chat

import "context"

// An Appointment gives somebody a role that opens the admin site. It is for whoever runs the machine.
type Appointment struct {
	Name     string
	Role     Role   // "" for Owner while there is none who can act, else Administrator
	Password string // PHC string
	// Existing says that an account of that name is meant, which keeps its password if Password is ""; else a new account is
	// made and a name that is held is NameTaken.
	Existing bool
}

// Appoint makes an account that opens the admin site, or gives an existing one the role.
func (a *Admin) Appoint(ctx context.Context, p Appointment) (User, error) {
	if p.Role != NoRole && !operates(p.Role) {
		return User{}, Errorf(Invalid, "role", "The role is %q or %q.", Owner, Administrator)
	}
	if !p.Existing && p.Password == "" {
		return User{}, Errorf(Missing, "password", "A new account needs a password.")
	}
	name, err := CheckName(p.Name, a.Limits.Name)
	if err != nil {
		return User{}, err
	}
	var user User
	err = a.Store.Write(ctx, func(tx Tx) error {
		role, err := roleFor(tx, p.Role)
		if err != nil {
			return err
		}
		if !p.Existing {
			user = User{Name: name, NameKey: NameKey(name), Kind: Account, Password: p.Password, Role: role}
			return a.insert(tx, User{}, &user)
		}
		user, err = a.raise(tx, name, role, p.Password)
		return err
	})
	return user, err
}

// roleFor is role, or the one to give when none was asked for.
func roleFor(s Snapshot, role Role) (Role, error) {
	if role != NoRole {
		return role, nil
	}
	administrators, err := s.Administrators()
	if err != nil {
		return NoRole, err
	}
	for _, u := range administrators {
		if u.Role == Owner && !u.Deactivated {
			return Administrator, nil
		}
	}
	return Owner, nil
}

func (a *Admin) raise(tx Tx, name string, role Role, password string) (User, error) {
	user, err := account(tx, name)
	if err != nil {
		return User{}, err
	}
	was := user
	user.Role, user.Deactivated, user.Banned = role, false, false
	if role != Owner {
		if err := keepOwner(tx, was, "role"); err != nil {
			return User{}, err
		}
	}
	if password != "" {
		user.Password = password
		if err := endAll(tx, user.ID); err != nil {
			return User{}, err
		}
	}
	if err := tx.UpdateUser(user); err != nil {
		return User{}, err
	}
	return user, note(tx, User{}, "changed", user.ID.String(), user.Name, userChange(was, user), "")
}

// account is the account that holds a name; look-alikes are not taken for it, but case does not count.
func account(s Snapshot, name string) (User, error) {
	user, err := s.UserByName(NameKey(name))
	switch {
	case KindOf(err) == NotFound:
		return User{}, Errorf(NotFound, "username", "Nobody is called %q.", shorten(name, 80))
	case err != nil:
		return User{}, err
	case user.Kind != Account:
		return User{}, Errorf(NotFound, "username", "%q is no account but a %s.", user.Name, user.Kind)
	}
	return user, nil
}

// Dismiss takes the role that opens the admin site away from an account. It is for whoever runs the machine. The only
// owner cannot be dismissed: Forbidden.
func (a *Admin) Dismiss(ctx context.Context, name string) (User, error) {
	var user User
	err := a.Store.Write(ctx, func(tx Tx) error {
		var err error
		if user, err = account(tx, name); err != nil {
			return err
		}
		if !operates(user.Role) {
			return Errorf(NotFound, "username", "%q is neither owner nor administrator.", user.Name)
		}
		if err := keepOwner(tx, user, "username"); err != nil {
			return err
		}
		was := user
		user.Role = NoRole
		if err := tx.UpdateUser(user); err != nil {
			return err
		}
		return note(tx, User{}, "changed", user.ID.String(), user.Name, userChange(was, user), "")
	})
	return user, err
}

// SetPassword gives an account another password, a PHC string, and ends all its sessions. It is for whoever runs the machine.
func (a *Admin) SetPassword(ctx context.Context, name, password string) (User, error) {
	var user User
	err := a.Store.Write(ctx, func(tx Tx) error {
		var err error
		if user, err = account(tx, name); err != nil {
			return err
		}
		user.Password = password
		if err := endAll(tx, user.ID); err != nil {
			return err
		}
		if err := tx.UpdateUser(user); err != nil {
			return err
		}
		return note(tx, User{}, "changed", user.ID.String(), user.Name, "new password", "")
	})
	return user, err
}

// Administrators are those with a role that opens the admin site, for whoever runs the machine.
func (a *Admin) Administrators(ctx context.Context) ([]User, error) {
	var users []User
	err := a.Store.Read(ctx, func(s Snapshot) (err error) {
		users, err = s.Administrators()
		return err
	})
	return users, err
}
