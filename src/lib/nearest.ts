/** The choice that somebody most likely meant; undefined when none is close enough to suggest. */
export function nearest(word: string, choices: Iterable<string>): string | undefined {
  const typed = word.toLowerCase()
  let best: string | undefined
  // One slip in three letters is a slip; more is another word.
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const choice of choices) {
    if (Math.abs(choice.length - word.length) >= least) continue
    const distance = slips(typed, choice.toLowerCase())
    if (distance < least) [best, least] = [choice, distance]
  }
  return best
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function slips(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        changed,
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}
