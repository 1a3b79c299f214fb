/** How this very program is started: this Node, and the file that it was given. */
export function programOf({ execPath, argv }: NodeJS.Process): readonly string[] {
  return [execPath, ...argv.slice(1, 2)]
}
