import { lazy, Suspense } from 'react'
import { useConfig } from '../api/around.ts'
import { cx } from '../lib/classes.ts'
import { plain } from '../lib/text.ts'

const Rendered = lazy(() => import('./rendered-markdown.tsx'))

/** Text of people and workers as Markdown; as it is while that loads, and where the settings say so. */
export function Markdown({
  text,
  className,
}: {
  readonly text: string
  readonly className?: string
}) {
  const { data } = useConfig()
  const words = plain(text)
  const asItIs = <div className={cx('foreign whitespace-pre-wrap', className)}>{words}</div>
  if (data?.render_markdown === false) return asItIs
  return (
    <Suspense fallback={asItIs}>
      <Rendered text={words} {...(className === undefined ? {} : { className })} />
    </Suspense>
  )
}
