import type { Shown } from '../../../src/http/types.ts'
import { Markdown } from '../ui/markdown.tsx'
import { Comments } from './comments.tsx'
import { Dependencies } from './dependencies.tsx'
import { Description } from './description.tsx'
import { FactSheet } from './fact-sheet.tsx'
import { hasFailed, Recovery } from './recovery.tsx'
import { Section } from './section.tsx'
import { Warnings } from './warnings.tsx'

export function TaskTab({ shown }: { readonly shown: Shown }) {
  const { task, latest_summary, why } = shown
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_13rem] gap-x-6 max-sm:grid-cols-1">
      <aside className="order-last max-sm:order-none max-sm:mb-6" aria-label="Facts">
        <FactSheet task={task} />
      </aside>
      <div className="min-w-0">
        <Warnings task={task} />
        {hasFailed(task) && <Recovery shown={shown} />}
        <Description task={task} />
        {task.result !== null && task.result !== latest_summary && (
          <Section title="Result">
            <Markdown text={task.result} />
          </Section>
        )}
        {latest_summary !== null && !why.why.includes(latest_summary) && (
          <Section title={task.status === 'blocked' ? 'What it asks' : 'Latest summary'}>
            <Markdown text={latest_summary} />
          </Section>
        )}
        <Dependencies shown={shown} />
        {!hasFailed(task) && <Recovery shown={shown} />}
        <Comments shown={shown} />
      </div>
    </div>
  )
}
