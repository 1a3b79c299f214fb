// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is taken out here

const escapes =
  /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text of people and workers without what would steer a terminal or turn the line around it; line
 * ends and tabs stay.
 */
export function plain(text: string): string {
  return text.replace(escapes, '').replace(/\r\n?/g, '\n').replace(controls, '')
}

/** As `plain`, in one line. */
export function line(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim()
}

/** With a capital, unless it begins with a name, which keeps its own. */
export function sentence(text: string, name: string | null): string {
  if (name !== null && text.startsWith(name)) return text
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`
}
