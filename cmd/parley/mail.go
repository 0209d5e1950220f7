package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"parley/internal/mail"
)

// openMail makes what sends e-mail, if the settings say how.
func (s *server) openMail(c *serveCommand) error {
	if c.SMTP == nil {
		if c.MailFrom != "" || c.SMTPPasswordFile != "" {
			return errors.New("--mail-from and --smtp-password-file need --smtp")
		}
		return nil
	}
	// A link in a letter must not lead to whatever host some request has named.
	if c.BaseURL == nil || c.MailFrom == "" {
		return errors.New("--smtp needs --base-url and --mail-from")
	}
	password := ""
	if c.SMTPPasswordFile != "" {
		text, err := os.ReadFile(c.SMTPPasswordFile)
		if err != nil {
			return fmt.Errorf("--smtp-password-file: %w", err)
		}
		password, _, _ = strings.Cut(string(text), "\n")
		password = strings.TrimRight(password, "\r")
	}
	var err error
	if s.mail, err = mail.New(mail.Config{Server: c.SMTP, Password: password, From: c.MailFrom, Base: c.BaseURL, Logger: s.logger}); err != nil {
		return fmt.Errorf("--smtp: %w", err)
	}
	s.users.Mail = s.mail
	return nil
}
