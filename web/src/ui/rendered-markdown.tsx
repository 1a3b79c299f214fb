import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { cx } from '../lib/classes.ts'

const plugins = [remarkGfm]

/** Raw HTML stays text, nothing is fetched for it, and a link leads to http, https or mailto alone. */
const components: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  // A picture would tell its server that somebody reads this.
  img: ({ src, alt }) => {
    const name = alt || 'picture'
    const to = typeof src === 'string' ? safe(src) : undefined
    if (to === undefined) return <span>{name}</span>
    return (
      <a href={to} target="_blank" rel="noopener noreferrer nofollow">
        {name}
      </a>
    )
  },
}

export default function RenderedMarkdown({
  text,
  className,
}: {
  readonly text: string
  readonly className?: string
}) {
  return (
    <div dir="auto" className={cx('prose', className)}>
      <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={safe}>
        {text}
      </ReactMarkdown>
    </div>
  )
}

function safe(url: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)/i.test(url) ? url : undefined
}
