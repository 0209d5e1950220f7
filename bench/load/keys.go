package load

// A Key names one post: who posts, and the how manieth of theirs it is, from 0. Its text looks like the keys of a browser,
// 26 characters of Crockford's base 32 that grow with time, so that it costs the server what a real key costs.
type Key struct {
	By, Seq int
}

// A Receipt is how one post was answered. A Version of 0 says that it was not yet.
type Receipt struct {
	Number, Version int64
}

const (
	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	keySize   = 26
	// The parts of a key: the millisecond, the poster, and the poster's count.
	keyTime, keyBy = 10, 6
)

// AppendKey appends the text of a key that was made at a time, unix milliseconds.
func AppendKey(dst []byte, ms int64, k Key) []byte {
	dst = appendDigits(dst, ms, keyTime)
	dst = appendDigits(dst, int64(k.By), keyBy)
	return appendDigits(dst, int64(k.Seq), keySize-keyTime-keyBy)
}

func appendDigits(dst []byte, n int64, digits int) []byte {
	for shift := 5 * (digits - 1); shift >= 0; shift -= 5 {
		dst = append(dst, crockford[n>>shift&31])
	}
	return dst
}

// values are the digits' values, 0xff for what is no digit.
var values = func() (v [256]byte) {
	for i := range v {
		v[i] = 0xff
	}
	for i := range len(crockford) {
		v[crockford[i]] = byte(i)
	}
	return v
}()

// ParseKey reads what AppendKey wrote.
func ParseKey[T string | []byte](text T) (Key, bool) {
	if len(text) != keySize {
		return Key{}, false
	}
	read := func(part T) (n int64, ok bool) {
		for i := range len(part) {
			v := values[part[i]]
			if v == 0xff {
				return 0, false
			}
			n = n<<5 | int64(v)
		}
		return n, true
	}
	_, okTime := read(text[:keyTime])
	by, okBy := read(text[keyTime : keyTime+keyBy])
	seq, okSeq := read(text[keyTime+keyBy:])
	return Key{int(by), int(seq)}, okTime && okBy && okSeq
}

// wordSize is how long a post's own word is.
const wordSize = 8

// AppendWord appends a word that no other post has, so that the post can be searched for: eight letters and digits, about as
// different from each other as random ones are.
func AppendWord(dst []byte, k Key) []byte {
	// The finisher of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014), which maps no two
	// numbers to one; 40 bits of it are kept, so two posts of a run share a word about never.
	x := uint64(k.By)<<40 | uint64(k.Seq)
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	for shift := 0; shift < 5*wordSize; shift += 5 {
		dst = append(dst, crockford[x>>shift&31]|0x20) // digits stay what they are
	}
	return dst
}
