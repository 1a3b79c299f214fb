import { Button } from './button.tsx'
import { Empty } from './empty.tsx'

/** In the place of a part whose file did not come. A browser asks for it once: only the whole page can be asked for again. */
export function NotLoaded() {
  return (
    <Empty
      title="This part of the page could not be loaded"
      action={<Button onClick={() => location.reload()}>Load the page again</Button>}
    >
      What you have typed is kept.
    </Empty>
  )
}
