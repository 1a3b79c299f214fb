import { useState } from 'react'
import { wordsOf } from '../api/client.ts'
import { useDraft } from '../lib/draft.ts'

/** One field that is edited where it stands. */
export interface Edit {
  readonly isEditing: boolean
  readonly text: string
  readonly isSaving: boolean
  readonly refusal: string
  /** What somebody else has made of it since the editing began. */
  readonly theirs: string | undefined
  begin(): void
  type(text: string): void
  /** Leaves the editor; what was typed is thrown away. */
  cancel(): void
  /** Leaves the editor; what was typed is there when it is opened again. */
  leave(): void
  save(): Promise<void>
  /** As typing it and saving it. */
  enter(text: string): Promise<void>
}

/**
 * What is typed is a draft of its own: neither a refresh nor a closed drawer touches it, and a
 * refused save leaves it where it was.
 */
export function useEdit(
  name: string,
  value: string,
  send: (text: string) => Promise<unknown>,
): Edit {
  const draft = useDraft(name)
  const base = useDraft(`${name}/base`)
  const [isOpen, setOpen] = useState(draft.text !== undefined)
  const [isSaving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState('')
  const text = draft.text ?? value
  const hasChangedBelow = base.text !== undefined && base.text !== value && text !== value

  function close(): void {
    draft.drop()
    base.drop()
    setRefusal('')
    setOpen(false)
  }

  async function save(wanted: string): Promise<void> {
    if (wanted === value) return close()
    setSaving(true)
    try {
      await send(wanted)
      close()
    } catch (error) {
      setRefusal(wordsOf(error))
    } finally {
      setSaving(false)
    }
  }

  function type(next: string): void {
    if (base.text === undefined) base.set(value)
    draft.set(next)
  }

  return {
    isEditing: isOpen,
    text,
    isSaving,
    refusal,
    theirs: isOpen && hasChangedBelow ? value : undefined,
    begin: () => setOpen(true),
    type,
    cancel: close,
    leave: () => setOpen(false),
    save: () => save(text),
    enter(next) {
      type(next)
      return save(next)
    },
  }
}
