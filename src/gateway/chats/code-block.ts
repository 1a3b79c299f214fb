/** Between fences of Markdown, with a zero-width space wherever the text would end the block that it is in. */
export function codeBlock(text: string): string {
  const code = text.replace(/`{3,}/g, (ticks) => [...ticks].join('\u200b'))
  return `\`\`\`\n${code}\n\`\`\``
}
