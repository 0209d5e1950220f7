package backup

import "time"

// NoticeAll has progress told after every step until the function that it returns is called.
func NoticeAll() func() {
	noticeTime = 0
	return func() { noticeTime = time.Second }
}
