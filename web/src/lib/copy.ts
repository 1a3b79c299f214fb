import { refuse, say } from '../ui/toast.tsx'

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say('Copied', text)
  } catch {
    refuse('Not copied', `The browser does not let the page write there. The text is: ${text}`)
  }
}
