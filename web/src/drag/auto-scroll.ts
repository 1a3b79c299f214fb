const edge = 56
const most = 14

interface Point {
  readonly x: number
  readonly y: number
}

/** Scrolls the board, and the column below, as long as a finger that carries something stays near an edge. */
export function scrollAtEdges(board: HTMLElement, finger: () => Point | undefined): () => void {
  let frame = requestAnimationFrame(step)

  function step(): void {
    const at = finger()
    if (at !== undefined) scroll(board, at)
    frame = requestAnimationFrame(step)
  }

  return () => cancelAnimationFrame(frame)
}

function scroll(board: HTMLElement, { x, y }: Point): void {
  const { left, right } = board.getBoundingClientRect()
  board.scrollBy({ left: pull(x, left, right) })
  const column = document.elementFromPoint(x, y)?.closest('[data-column]')
  const list = column?.querySelector('[data-scroller]')
  if (!list) return
  const { top, bottom } = list.getBoundingClientRect()
  list.scrollBy({ top: pull(y, top, bottom) })
}

/** The nearer to the edge, the faster. */
function pull(at: number, from: number, to: number): number {
  if (at < from + edge) return -most * Math.min(1, (from + edge - at) / edge)
  if (at > to - edge) return most * Math.min(1, (at - to + edge) / edge)
  return 0
}
