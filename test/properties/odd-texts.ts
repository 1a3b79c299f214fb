/** Texts that something somewhere does not expect. */
export const oddTexts: Readonly<Record<string, string>> = {
  'signs of three scripts': '漢字かな 한국어 Ελληνικά',
  'text from right to left': 'العربية עברית \u200f\u202e abc',
  'joined emoji': '👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301',
  'control characters': '\u0001\u001b[31mred\u001b]0;title\u0007\u007f\u009b',
  'a NUL': 'before\0after',
  'half a character': 'half \ud800 and \udc00',
  SQL: `'); drop table tasks; -- " \\ % _ ? $1 :x`,
  JSON: '{"a": [1, "\\u0000"]}',
  Markdown: '# Task\n```\n</script><!-- {{x}} [a](javascript:b)',
  lines: 'one\ntwo\r\nthree\u2028four\tfive',
  'a prototype': '__proto__',
  'a megabyte': `${'x'.repeat(1024 * 1024)}é`,
}
