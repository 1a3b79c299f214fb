import { lazy, Suspense } from 'react'
import { useConfig } from '../api/around.ts'
import { cx } from '../lib/classes.ts'
import { plain } from '../lib/text.ts'

const Rendered = lazy(() => import('./rendered-markdown.tsx').catch(() => ({ default: AsItIs })))

interface MarkdownProps {
  readonly text: string
  readonly className?: string
}

/** Text of people and workers as Markdown; as it is until that is loaded, and where the settings say so. */
export function Markdown({ text, className }: MarkdownProps) {
  const { data } = useConfig()
  const words = plain(text)
  const props = { text: words, ...(className === undefined ? {} : { className }) }
  if (data?.render_markdown === false) return <AsItIs {...props} />
  return (
    <Suspense fallback={<AsItIs {...props} />}>
      <Rendered {...props} />
    </Suspense>
  )
}

function AsItIs({ text, className }: MarkdownProps) {
  return <div className={cx('foreign whitespace-pre-wrap', className)}>{text}</div>
}
