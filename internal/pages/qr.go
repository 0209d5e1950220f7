package pages

import "rsc.io/qr"

// qrImage is a text, such as a link to open on a phone, as a QR code: a PNG, dark on light with a quiet zone around it.
func qrImage(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	return code.PNG(), nil
}
