/** A page of ours that needs no script. `body` is HTML already: text in it has gone through `escaped`. */
export function document(
  title: string,
  body: string,
  { styles, refresh }: { readonly styles?: string; readonly refresh?: string } = {},
): string {
  const link = styles === undefined ? '' : `<link rel="stylesheet" href="${styles}">\n`
  const next =
    refresh === undefined ? '' : `<meta http-equiv="refresh" content="0;url=${refresh}">\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
${link}${next}</head>
<body>
${body}
</body>
</html>
`
}

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] as string)
}
