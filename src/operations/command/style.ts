import { styleText } from 'node:util'

/** What the place where text ends up can show. A chat and a pipe have neither colour nor width. */
export interface Style {
  readonly colour: boolean
  /** Columns of the terminal; undefined where there is none: then nothing is cut and no icon shown. */
  readonly width: number | undefined
  /** Unix seconds, for ages. */
  readonly now: number
}

const colours = ['bold', 'red', 'green', 'yellow', 'magenta', 'cyan', 'gray'] as const

export type Colour = (typeof colours)[number]

export type Paint = Readonly<Record<Colour, (text: string) => string>>

// Whether the reader sees colours is known here: else Node would open stdout to see for itself. What another
// program has written may be no text, whatever its type says.
const colourful = paintBy((text, colour) => styleText(colour, `${text}`, { validateStream: false }))
const plain = paintBy((text) => text)

function paintBy(put: (text: string, colour: Colour) => string): Paint {
  const entries = colours.map((colour) => [colour, (text: string) => put(text, colour)])
  return Object.fromEntries(entries) as Paint
}

/** Functions that put colour around a text, or leave it alone. */
export function paint(style: Style): Paint {
  return style.colour ? colourful : plain
}

/** `2026-11-20 20:15` in local time; a time no calendar has is shown as its number. */
export function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return String(seconds)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `20:15:04` in local time. */
export function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toTimeString().slice(0, 8)
}
