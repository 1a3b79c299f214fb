import { createStore, useStore } from '../lib/store.ts'

const said = createStore('')

/** Says to whoever listens to the page what others see: a card picked up, a column chosen. */
export function announce(text: string): void {
  // The same words twice in a row would not be read again.
  said.set(said.get() === text ? `${text}\u00a0` : text)
}

export function Announcer() {
  return (
    <div aria-live="assertive" className="sr-only">
      {useStore(said)}
    </div>
  )
}
