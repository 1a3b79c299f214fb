import { useStore } from '../lib/store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Key } from '../ui/key.tsx'
import { helping } from './help-store.ts'

const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Anywhere',
    [
      ['/', 'Search'],
      ['c', 'New task'],
      ['g', 'Board or graph'],
      ['b', 'Other boards'],
      ['n', 'Do a pass now'],
      ['?', 'This list'],
      ['Esc', 'Close, or let go'],
    ],
  ],
  [
    'On a card',
    [
      ['j k', 'Next, previous card'],
      ['← →', 'Next column'],
      ['Enter', 'Open'],
      ['Space', 'Pick up, then ← → and Space'],
      ['m', 'What can be done with it'],
      ['x', 'Select'],
      ['Shift ↓', 'Select the next one too'],
    ],
  ],
  [
    'In the open task',
    [
      ['[ ]', 'Previous, next card'],
      ['e', 'Edit the description'],
      ['r', 'Write a comment'],
    ],
  ],
]

export function Help() {
  return (
    <Dialog
      open={useStore(helping)}
      onClose={() => helping.set(false)}
      title="Keyboard"
      wide
      description="Every key works wherever you are not typing."
    >
      <div className="gap-8 sm:columns-2">
        {groups.map(([name, keys]) => (
          <section key={name} className="mb-5 break-inside-avoid">
            <h3 className="mb-1.5 text-xs font-medium text-faint">{name}</h3>
            <dl className="grid gap-1">
              {keys.map(([key, does]) => (
                <div key={key} className="flex items-center justify-between gap-4">
                  <dt className="text-sm">{does}</dt>
                  <dd className="flex gap-1">
                    {key.split(' ').map((part) => (
                      <Key key={part}>{part}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
